"""Load test of chat_server.py on loopback: DAFU_LIBRARY=... python3 -m unittest -v test_chat_server"""

import http.client
import json
import threading
import time
import unittest
from typing import Any

import chat_server
import dafu
from test_dafu import SHOP

CLIENTS = 8
REQUESTS = 100


class ChatServer(unittest.TestCase):
    def setUp(self) -> None:
        self.kb = dafu.KnowledgeBase.from_bytes(SHOP)
        self.server = chat_server.serve(self.kb, 0)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def tearDown(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def request(self, connection: http.client.HTTPConnection, body: bytes, path: str = "/ask") -> tuple[int, Any]:
        connection.request("POST", path, body)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    def test_says_what_a_chat_window_shows(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        status, told = self.request(connection, json.dumps({"question": "東西不想要了，能退嗎", "channel": "app"}).encode())
        self.assertEqual((status, told["say"], told["handover"]), (200, "7天内可以退。", False))
        self.assertEqual(told["follow_ups"], ["退款多久到账"])
        status, told = self.request(connection, json.dumps({"question": "转人工"}).encode())
        self.assertEqual((status, told["say"], told["handover"]), (200, None, True))
        for body in (b"", b"{", b"[]", b'{"question":7}', b"\xff", b'{"question":"x","channel":""}'):
            self.assertEqual(self.request(connection, body)[0], 400, body)
        self.assertEqual(self.request(connection, b"{}", "/other")[0], 404)
        connection.request("GET", "/health")
        self.assertEqual(json.loads(connection.getresponse().read())["version"], dafu.version())
        connection.close()

    def test_bears_many_clients(self) -> None:
        body = json.dumps({"question": "钱几时退回来"}).encode()
        seconds: list[float] = []
        wrong: list[Any] = []

        def client() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port)
            for _ in range(REQUESTS):
                start = time.perf_counter()
                status, told = self.request(connection, body)
                seconds.append(time.perf_counter() - start)
                if (status, told.get("say")) != (200, "1-3个工作日到账。"):
                    wrong.append((status, told))
            connection.close()

        start = time.perf_counter()
        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        took = time.perf_counter() - start
        self.assertEqual((wrong, len(seconds)), ([], CLIENTS * REQUESTS))
        seconds.sort()
        median, late = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
        print(f"{len(seconds) / took:.0f} requests a second, median {median * 1e3:.1f} ms, 99th percentile {late * 1e3:.1f} ms")


if __name__ == "__main__":
    unittest.main()
