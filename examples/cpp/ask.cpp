// One question: ask KNOWLEDGE_BASE QUESTION
#include "dafu.hpp"

#include <iostream>

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " KNOWLEDGE_BASE QUESTION\n";
        return 1;
    }
    try {
        dafu::check_abi();
        const auto kb = dafu::KnowledgeBase::load(argv[1]);
        const auto reply = kb.ask(argv[2]);
        if (const auto answer = reply.answer()) {
            std::cout << *answer << '\n';
        } else if (!reply.choices().empty()) {
            std::cout << "您是想问：\n";
            for (const dafu::Hit hit : reply.choices()) std::cout << "  " << hit.question() << '\n';
        } else {
            std::cout << "抱歉，正在为您转接人工客服。\n";
        }
    } catch (const dafu::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
