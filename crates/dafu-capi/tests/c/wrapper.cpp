// What dafu.hpp promises: values that free themselves, exceptions, views, threads.
//
//     wrapper PUBLICATION
#include "dafu.hpp"

#include "check.h"

#include <atomic>
#include <thread>
#include <type_traits>

static_assert(!std::is_copy_constructible_v<dafu::KnowledgeBase>);
static_assert(std::is_nothrow_move_constructible_v<dafu::KnowledgeBase>);
static_assert(!std::is_copy_constructible_v<dafu::Reply>);

template <class Call> static dafu_status thrown(Call call) {
    try {
        call();
    } catch (const dafu::Error &error) {
        CHECK(*error.what() != '\0');
        return error.status();
    }
    return DAFU_STATUS_OK;
}

static void asking() {
    const auto kb = dafu::KnowledgeBase::from_bytes({SHOP, sizeof SHOP - 1});
    const dafu::Reply reply = kb.ask("東西不想要了，能退嗎");
    CHECK(reply.answer() == "签收后7天内可以退。" && reply.reason() == DAFU_REASON_NONE && reply.choices().empty());
    const dafu::Hit hit = reply.hits()[0];
    CHECK(hit.entry() == "return" && hit.category() == "售后/退货" && hit.confidence() > 0.5f);
    CHECK(hit.related().size() == 1 && hit.related()[0] == "refund-time");
    std::string follow_ups;
    for (const std::string_view text : hit.follow_ups()) follow_ups += text;
    CHECK(follow_ups == "退款多久到账");
    std::size_t shared = 0;
    for (const dafu_span &span : hit.question_spans()) shared += span.byte_end - span.byte_start;
    CHECK(shared == 27);

    const dafu::Reply open = kb.ask("余额在哪里看");
    CHECK(!open.answer() && open.choices().size() == 2);
    dafu::AskOptions options;
    options.choices = 0;
    options.at = 1790000000;
    options.hits = 1;
    CHECK(kb.ask("余额在哪里看", options).reason() == DAFU_REASON_NOTHING_CLOSE);
    CHECK(kb.ask("双十一满减怎么凑单", options).reason() == DAFU_REASON_ONLY_OUT_OF_DATE);
    options.tags = {"常见"};
    options.category = "售后";
    CHECK(kb.ask("怎么申请退货", options).hits().size() == 1);
    CHECK(kb.ask_json("转人工").find("handover_requested") != std::string::npos);
    CHECK(kb.explain_json("買錯").find("\"normalized\":\"买错\"") != std::string::npos);
    CHECK(kb.entry_json("return").find("\"id\":\"return\"") != std::string::npos);
    CHECK(!kb.search("退货规则").empty() && kb.search("退货规则", 0, 1).size() == 1);
    CHECK(kb.suggest("tk").at(0) == "退款多久到账？");
    CHECK(kb.render("urge", {{"order_no", "QH1001"}}) == "您，QH1001已催促。");
    CHECK(kb.statistics().entries == 7);
}

static void failing() {
    const auto kb = dafu::KnowledgeBase::from_bytes({SHOP, sizeof SHOP - 1});
    CHECK(thrown([] { dafu::KnowledgeBase::load("nowhere.jsonl"); }) == DAFU_STATUS_IO);
    CHECK(thrown([] { dafu::KnowledgeBase::open("nowhere"); }) == DAFU_STATUS_NOT_FOUND);
    CHECK(thrown([&] { kb.ask("\xff"); }) == DAFU_STATUS_INVALID_INPUT);
    CHECK(thrown([&] { kb.render("urge"); }) == DAFU_STATUS_INVALID_INPUT);
    CHECK(thrown([&] { kb.reload(); }) == DAFU_STATUS_INVALID_INPUT);
    dafu::AskOptions options;
    options.threshold = 2.0f;
    CHECK(thrown([&] { kb.ask("退货", options); }) == DAFU_STATUS_INVALID_INPUT);
    options.threshold.reset();
    options.precision = 0.99f;
    kb.ask("退货", options);
    options.precision = 0.3f;
    CHECK(thrown([&] { kb.ask("退货", options); }) == DAFU_STATUS_INVALID_INPUT);
    CHECK(thrown([] { dafu::build_index("nowhere.jsonl", "nowhere"); }) == DAFU_STATUS_IO);
    try {
        dafu::KnowledgeBase::from_bytes("{\"question\":\"退货？\"}\n{\"question\":7}\n");
        CHECK(false);
    } catch (const dafu::Error &error) {
        CHECK(error.line() == 2 && error.file() == "bytes");
    }
}

static void following(const char *folder) {
    const auto kb = dafu::KnowledgeBase::open_live(folder);
    const auto pinned = kb.pin();
    CHECK(!kb.reload());
    const auto follower = kb.follow(1, [](const dafu_generation *, const dafu_error *) {});
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&] {
            for (int n = 0; n < 50; n++) answered += kb.ask("几点上班？").answer() == "九点。";
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK(answered == 200 && pinned.ask("几点上班？").generation() == 1);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    dafu::check_abi();
    asking();
    failing();
    following(argv[1]);
}
