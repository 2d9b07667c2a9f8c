/* What the test programs share: checks that name their place. */
#ifndef CHECK_H
#define CHECK_H

#include <dafu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition)) {                                                                 \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);         \
            exit(1);                                                                        \
        }                                                                                   \
    } while (0)

/* A call that must work; says why it did not. */
#define OK(call)                                                                            \
    do {                                                                                    \
        dafu_error *ok_error = NULL;                                                        \
        dafu_error **error = &ok_error;                                                     \
        dafu_status ok_status = (call);                                                     \
        if (ok_status != DAFU_STATUS_OK) {                                                  \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, dafu_status_name(ok_status), \
                    ok_error ? ok_error->message.data : "no error object");                 \
            exit(1);                                                                        \
        }                                                                                   \
        CHECK(ok_error == NULL);                                                            \
    } while (0)

/* A call that must fail with a status and with this in its message; with and without an error object. */
#define FAILS(expected, words, call)                                                        \
    do {                                                                                    \
        dafu_error *fails_error = NULL;                                                     \
        dafu_error **error = &fails_error;                                                  \
        CHECK((call) == (expected));                                                        \
        CHECK(fails_error != NULL && fails_error->status == (expected));                    \
        CHECK(fails_error->message.data[fails_error->message.len] == '\0');                 \
        if (!strstr(fails_error->message.data, (words))) {                                  \
            fprintf(stderr, "%s:%d: `%s` is not in: %s\n", __FILE__, __LINE__, (words),     \
                    fails_error->message.data);                                             \
            exit(1);                                                                        \
        }                                                                                   \
        dafu_error_free(fails_error);                                                       \
        error = NULL;                                                                       \
        CHECK((call) == (expected));                                                        \
    } while (0)

/* A text as the two arguments of a call. */
#define TEXT(text) (text), strlen(text)

static inline int is(dafu_str text, const char *expected) {
    return text.data != NULL && text.len == strlen(expected) && strcmp(text.data, expected) == 0;
}

static inline int missing(dafu_str text) {
    return text.data == NULL && text.len == 0;
}

/* A small shop. */
static const char SHOP[] =
    "{\"id\":\"return\",\"question\":\"怎么申请退货？\",\"similar\":[\"东西不想要了能退吗\",\"买错了想退\"],"
    "\"answer\":\"签收后7天内可以退。\",\"category\":\"售后/退货\",\"tags\":[\"常见\"],\"related\":[\"refund-time\"],"
    "\"follow_ups\":[\"退款多久到账\"]}\n"
    "{\"id\":\"refund-time\",\"question\":\"退款多久到账？\",\"similar\":[\"钱几时退回来\"],"
    "\"answer\":\"1-3个工作日到账。\",\"category\":\"售后/退款\"}\n"
    "{\"id\":\"invoice\",\"question\":\"怎么开发票？\",\"answers\":[{\"text\":\"在订单详情里开。\"},"
    "{\"text\":\"在小程序里开。\",\"channels\":[\"wechat\"]}]}\n"
    "{\"id\":\"staff\",\"question\":\"补偿额度最高是多少？\",\"answer\":\"单笔50元。\",\"audiences\":[\"agent\"]}\n"
    "{\"id\":\"sale\",\"question\":\"双十一满减怎么凑单？\",\"answer\":\"每满300减50。\","
    "\"valid\":{\"from\":\"2026-11-01T00:00:00+08:00\",\"until\":\"2026-11-12T00:00:00+08:00\"}}\n"
    "{\"id\":\"gift-card\",\"question\":\"礼品卡的余额怎么查？\",\"similar\":[\"余额在哪里看\"],\"answer\":\"礼品卡页面。\"}\n"
    "{\"id\":\"wallet\",\"question\":\"钱包里的余额怎么查？\",\"similar\":[\"余额在哪里看\"],\"answer\":\"钱包页面。\"}\n"
    "{\"kind\":\"standard_answer\",\"id\":\"sa-return\",\"title\":\"七天无理由退货规则\",\"text\":\"签收次日起7天内可以退货。\"}\n"
    "{\"kind\":\"template\",\"id\":\"urge\",\"scenario\":\"appease\",\"mood\":\"angry\",\"texts\":[\"{{customer}}，{{order_no}}已催促。\","
    "\"{{order_no}}已加急，{{customer}}。\"],\"channels\":[\"app\"],\"tags\":[\"物流\"],\"slots\":["
    "{\"name\":\"order_no\",\"kind\":\"order\",\"example\":\"QH1001\"},"
    "{\"name\":\"customer\",\"kind\":\"text\",\"required\":false,\"default\":\"您\"}]}\n"
    "{\"kind\":\"template\",\"id\":\"hello\",\"scenario\":\"greeting\",\"texts\":[\"您好。\"]}\n";

static inline dafu_kb *shop(void) {
    dafu_kb *kb = NULL;
    OK(dafu_kb_from_bytes((const uint8_t *)SHOP, sizeof SHOP - 1, DAFU_FORMAT_JSONL, NULL, &kb, error));
    CHECK(kb != NULL);
    return kb;
}

#endif
