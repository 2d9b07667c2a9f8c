"""A chat endpoint over HTTP, as a chat system would have it: python3 chat_server.py KNOWLEDGE_BASE [PORT]

    POST /ask   {"question": "...", "channel": "app"}   ->   {"say": "...", "choices": [...], "handover": false, ...}
    GET /health                                         ->   {"version": "...", "generation": 0}

A folder with a publication is followed: what is published is answered from a second later. Listens on this machine only.
"""

from __future__ import annotations

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dafu

LARGEST_REQUEST = 64 * 1024


def answer(kb: dafu.KnowledgeBase, request: dict[str, Any]) -> dict[str, Any]:
    """What the chat window shows for a request."""
    question, channel = request.get("question"), request.get("channel")
    if not isinstance(question, str) or not isinstance(channel, (str, type(None))):
        raise ValueError('send {"question": "...", "channel": "..."}; the channel may be left out')
    reply = kb.ask(question, channel=channel)
    return {
        "say": reply.answer,
        "choices": [hit.question for hit in reply.choices],
        "follow_ups": list(reply.hits[0].follow_ups) if reply.answer else [],
        "handover": reply.decision == "no_answer" and reply.reason not in ("empty_question", "question_too_long"),
        "reason": reply.reason,
        "confidence": reply.confidence,
        "generation": reply.generation,
    }


class Handler(BaseHTTPRequestHandler):
    """One request; threads share the server's knowledge base."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    kb: dafu.KnowledgeBase

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            return self.refuse(411, "send Content-Length")
        if not 0 <= length <= LARGEST_REQUEST:
            return self.refuse(413, f"at most {LARGEST_REQUEST} bytes")
        body = self.rfile.read(length)
        if self.path != "/ask":
            return self.send(404, {"error": "there is /ask and /health"})
        try:
            request = json.loads(body)
            if not isinstance(request, dict):
                raise ValueError("send a JSON object")
            self.send(200, answer(self.kb, request))
        except (ValueError, dafu.Error) as error:
            self.send(400, {"error": str(error)})

    def do_GET(self) -> None:
        if self.path != "/health":
            return self.send(404, {"error": "there is /ask and /health"})
        try:
            generation = self.kb.generation().number
        except dafu.Error:  # a file or an index, which has none
            generation = 0
        self.send(200, {"version": dafu.version(), "generation": generation})

    def refuse(self, status: int, error: str) -> None:
        """Refuses a request whose body is not read: what follows on the connection would be taken for the next one."""
        self.close_connection = True
        self.send(status, {"error": error})

    def send(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing: customers' questions do not belong into logs."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(kb: dafu.KnowledgeBase, port: int) -> Server:
    """A server on this machine; `port` 0 takes a free one."""
    return Server(("127.0.0.1", port), type("Handler", (Handler,), {"kb": kb}))


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    path, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 8080
    follower = None
    if os.path.isdir(os.path.join(path, "generations")):
        kb = dafu.KnowledgeBase.open_live(path)
        follower = kb.follow(1)
    else:
        kb = dafu.KnowledgeBase.load(path)
    with serve(kb, port) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/ask", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
    if follower:
        follower.close()


if __name__ == "__main__":
    main()
