"""Tests of dafu.py: DAFU_LIBRARY=.../libdafu_capi.so DAFU_PUBLICATION=FOLDER python3 -m unittest test_dafu"""

import os
import threading
import unittest
from datetime import datetime, timezone

import dafu

SHOP = """
{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗","买错了想退"],"answer":"7天内可以退。","category":"售后/退货","tags":["常见"],"related":["refund-time"],"follow_ups":["退款多久到账"]}
{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}
{"id":"staff","question":"补偿额度最高是多少？","answer":"单笔50元。","audiences":["agent"]}
{"id":"sale","question":"双十一满减怎么凑单？","answer":"每满300减50。","valid":{"from":"2026-11-01","until":"2026-11-12"}}
{"kind":"template","id":"urge","scenario":"appease","texts":["{{order_no}}已催促。"],"slots":[{"name":"order_no","kind":"order"}]}
""".strip().encode()


class Asking(unittest.TestCase):
    def setUp(self) -> None:
        self.kb = dafu.KnowledgeBase.from_bytes(SHOP)
        self.addCleanup(self.kb.close)

    def test_answers(self) -> None:
        reply = self.kb.ask("東西不想要了，能退嗎")
        self.assertEqual((reply.decision, reply.answer), ("answer", "7天内可以退。"))
        hit = reply.hits[0]
        self.assertEqual((hit.entry, hit.category, hit.related, hit.follow_ups), ("return", "售后/退货", ["refund-time"], ["退款多久到账"]))
        self.assertGreater(hit.evidence["cosine"], 0.5)
        start, end = hit.question_spans[0]
        self.assertEqual("東西不想要了，能退嗎"[start:end], "東西不想要了")

    def test_hands_over(self) -> None:
        self.assertEqual(self.kb.ask("转人工").reason, "handover_requested")
        self.assertIsNone(self.kb.ask("明天会下雨吗").answer)
        self.assertEqual(self.kb.ask("").reason, "empty_question")

    def test_options(self) -> None:
        self.assertEqual(self.kb.ask("补偿额度最高是多少").reason, "only_filtered")
        self.assertEqual(self.kb.ask("补偿额度最高是多少", agent=True).decision, "answer")
        before, during = (datetime(2026, month, 5, tzinfo=timezone.utc) for month in (9, 11))
        self.assertEqual(self.kb.ask("双十一满减怎么凑单", at=before).reason, "only_out_of_date")
        self.assertEqual(self.kb.ask("双十一满减怎么凑单", at=during).answer, "每满300减50。")
        self.assertEqual(len(self.kb.ask("退", threshold=1.0, choices=0, hits=1, tags=["常见"]).choices), 0)
        with self.assertRaises(dafu.Error) as raised:
            self.kb.ask("退货", threshold=2.0)
        self.assertEqual(raised.exception.status, dafu.Status.INVALID_INPUT)
        self.assertEqual(self.kb.ask("東西不想要了，能退嗎", precision=0.5).decision, "answer")
        with self.assertRaises(dafu.Error) as raised:
            self.kb.ask("退货", precision=1.0)
        self.assertIn("dafu_ask_options.precision", str(raised.exception))

    def test_other_calls(self) -> None:
        self.assertEqual(self.kb.suggest("tk"), ["退款多久到账？"])
        self.assertEqual(self.kb.render("urge", {"order_no": "QH1001"}), "QH1001已催促。")
        self.assertEqual(self.kb.explain("買錯了想退")["normalized"], "买错了想退")
        self.assertEqual(self.kb.entry("return")["similar"][1], "买错了想退")
        self.assertRegex(dafu.version(), r"^\d+\.\d+\.\d+$")

    def test_errors(self) -> None:
        with self.assertRaises(dafu.Error) as raised:
            dafu.KnowledgeBase.from_bytes(b'{"question":"x?"}\n{"question":7}\n')
        self.assertEqual((raised.exception.file, raised.exception.line), ("bytes", 2))
        with self.assertRaises(dafu.Error) as raised:
            dafu.KnowledgeBase.load("nowhere.jsonl")
        self.assertEqual(raised.exception.status, dafu.Status.IO)
        self.assertIn("nowhere.jsonl", str(raised.exception))
        with self.assertRaises(dafu.Error):
            self.kb.render("urge")
        self.kb.close()
        with self.assertRaises(ValueError):
            self.kb.ask("退货")

    def test_threads_share_a_knowledge_base(self) -> None:
        answers = []
        def ask() -> None:
            answers.extend(self.kb.ask("钱几时退回来").answer for _ in range(50))
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, ["1-3个工作日到账。"] * 200)


@unittest.skipUnless("DAFU_PUBLICATION" in os.environ, "DAFU_PUBLICATION names no publication")
class Following(unittest.TestCase):
    def test_follows(self) -> None:
        with dafu.KnowledgeBase.open_live(os.environ["DAFU_PUBLICATION"]) as kb:
            self.assertFalse(kb.reload())
            self.assertEqual(kb.generation().number, 1)
            self.assertEqual(len(kb.generation().name), 32)
            with kb.follow(0.001, lambda generation, error: None):
                self.assertEqual(kb.ask("几点上班？").generation, 1)


if __name__ == "__main__":
    unittest.main()
