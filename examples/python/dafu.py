"""dafu for Python, by ctypes: copy this one file beside your program. It needs libdafu and nothing else.

    import dafu

    kb = dafu.KnowledgeBase.load("faq.jsonl")
    reply = kb.ask("东西不想要了能退吗")
    print(reply.answer or "正在为您转接人工客服。")

The library is looked for in the environment variable DAFU_LIBRARY, then where the system keeps its libraries. Threads
may share a KnowledgeBase: asking releases the interpreter lock.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import enum
import json
import os
from ctypes import POINTER, byref, c_char, c_char_p, c_float, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Callable, Mapping, Optional, Sequence

ABI = (1, 0)


class Status(enum.IntEnum):
    """What a call came to, as dafu_status in dafu.h."""

    OK = 0
    INVALID_INPUT = 1
    NOT_FOUND = 2
    CONFLICT = 3
    BUSY = 4
    FORMAT = 5
    CORRUPT = 6
    IO = 7
    INTERNAL = 8
    PANIC = 9
    BUFFER_TOO_SMALL = 10
    UNKNOWN = -1

    @classmethod
    def _missing_(cls, value: object) -> "Status":
        return cls.UNKNOWN


class Error(Exception):
    """What went wrong: the text for people, `status` for programs, `file` and `line` where content is wrong."""

    def __init__(self, status: int, message: str, file: Optional[str] = None, line: Optional[int] = None) -> None:
        super().__init__(message)
        self.status = Status(status)
        self.file = file
        self.line = line


@dataclass(frozen=True)
class Hit:
    """An entry that may answer a question. Spans are (start, end) in code points, as Python counts."""

    entry: str
    question: str
    answer: Optional[str]
    confidence: float
    evidence: Mapping[str, float]
    phrasing: str
    category: Optional[str]
    related: Sequence[str]
    follow_ups: Sequence[str]
    question_spans: Sequence[tuple[int, int]]
    phrasing_spans: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Reply:
    """What is to be said to a question: `decision` is "answer", "choices" or "no_answer"."""

    decision: str
    reason: Optional[str]
    confidence: float
    generation: int
    hits: Sequence[Hit]
    choices: Sequence[Hit]

    @property
    def answer(self) -> Optional[str]:
        """The text to say, if the decision is to answer."""
        return self.hits[0].answer if self.decision == "answer" else None


@dataclass(frozen=True)
class Generation:
    """What a live knowledge base answers from."""

    number: int
    version: int
    time: int
    name: str


class KnowledgeBase:
    """A knowledge base: it answers. Free it with `close`, or use it in a `with` statement."""

    def __init__(self, handle: c_void_p) -> None:
        self._handle: Optional[c_void_p] = handle

    @classmethod
    def load(cls, path: str) -> "KnowledgeBase":
        """Reads a content file, .jsonl or .csv, or opens an index folder."""
        return cls._opened(_library().dafu_kb_load, *_text(path))

    @classmethod
    def from_bytes(cls, content: bytes) -> "KnowledgeBase":
        """Builds a knowledge base from the bytes of a content file of JSON Lines."""
        return cls._opened(_library().dafu_kb_from_bytes, content, len(content), 1)

    @classmethod
    def open_live(cls, path: str, channel: str = "live") -> "KnowledgeBase":
        """Opens what is published in a folder, on a channel."""
        return cls._opened(_library().dafu_kb_open_live, *_text(path), *_text(channel))

    def ask(
        self,
        question: str,
        *,
        at: Optional[datetime] = None,
        channel: Optional[str] = None,
        agent: bool = False,
        locale: Optional[str] = None,
        category: Optional[str] = None,
        tags: Sequence[str] = (),
        precision: float = 0.9,
        threshold: Optional[float] = None,
        choices: Optional[int] = None,
        hits: int = 0,
    ) -> Reply:
        """Replies to a question: `precision` says how many of the answers that are given are to be right. What is not
        given has the default that dafu.h tells."""
        options = _AskOptions(at, channel, agent, locale, category, tags, precision, threshold, choices, hits)
        return _reply(self._json(_library().dafu_ask_json, *_text(question), byref(options)))

    def explain(self, question: str) -> dict[str, Any]:
        """Tells why a question gets its reply."""
        explanation: dict[str, Any] = self._json(_library().dafu_explain_json, *_text(question), None)
        return explanation

    def entry(self, id: str) -> dict[str, Any]:
        """Gives an entry with all that it has."""
        entry: dict[str, Any] = self._json(_library().dafu_entry_json, *_text(id))
        return entry

    def suggest(self, typed: str, limit: int = 5) -> list[str]:
        """Returns the standard questions that continue what a customer is typing."""
        library, found = _library(), POINTER(_Suggestions)()
        _check(library.dafu_suggest, self._open(), *_text(typed), limit, None, byref(found))
        try:
            return [_str(found.contents.items[i].contents.question) for i in range(found.contents.items_len)]
        finally:
            library.dafu_suggestions_free(found)

    def render(self, template: str, values: Mapping[str, str] = {}, turn: int = 0, html: bool = False) -> str:
        """Returns a reply template with its slots filled; `turn` chooses the wording."""
        library, text = _library(), POINTER(_Text)()
        pairs = (_SlotValue * len(values))(*(_SlotValue(_given(name), _given(value)) for name, value in values.items()))
        _check(library.dafu_render, self._open(), *_text(template), turn, pairs, len(values), int(html), byref(text))
        return _taken(text)

    def reload(self) -> bool:
        """Switches to what is published now. Says whether that is something else."""
        switched = c_int32()
        _check(_library().dafu_kb_reload, self._open(), byref(switched))
        return bool(switched.value)

    def generation(self) -> Generation:
        """Tells the generation that a live knowledge base answers from now."""
        library, generation = _library(), POINTER(_Generation)()
        _check(library.dafu_kb_generation, self._open(), byref(generation))
        try:
            return generation.contents.value()
        finally:
            library.dafu_generation_free(generation)

    def follow(self, seconds: float, callback: Optional[Callable[[Optional[Generation], Optional[str]], None]] = None) -> "Follower":
        """Reloads every so many seconds in a thread of the library, until the follower is closed. `callback` gets the
        generation that was switched to, or the message of what stood against it."""
        return Follower(self._open(), seconds, callback)

    def close(self) -> None:
        """Frees the knowledge base. No other thread may be using it."""
        handle, self._handle = self._handle, None
        if handle:
            _library().dafu_kb_free(handle)

    def __enter__(self) -> "KnowledgeBase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    @classmethod
    def _opened(cls, function: Any, *arguments: Any) -> "KnowledgeBase":
        handle = c_void_p()
        _check(function, *arguments, None, byref(handle))
        return cls(handle)

    def _json(self, function: Any, *arguments: Any) -> Any:
        text = POINTER(_Text)()
        _check(function, self._open(), *arguments, byref(text))
        return json.loads(_taken(text))

    def _open(self) -> c_void_p:
        if not self._handle:
            raise ValueError("the knowledge base is closed")
        return self._handle


class Follower:
    """A thread that follows what is published, until `close`."""

    def __init__(self, kb: c_void_p, seconds: float, callback: Optional[Callable[[Optional[Generation], Optional[str]], None]]) -> None:
        def told(_: Any, generation: Any, error: Any) -> None:
            if callback:
                callback(
                    generation.contents.value() if generation else None,
                    _str(error.contents.message) if error else None,
                )

        self._callback = _FollowCallback(told)  # kept as long as the thread may call it
        self._handle: Optional[c_void_p] = None
        handle = c_void_p()
        _check(_library().dafu_kb_follow, kb, max(1, int(seconds * 1000)), self._callback, None, byref(handle))
        self._handle = handle

    def close(self) -> None:
        """Stops the thread. The callback is not called after this."""
        handle, self._handle = self._handle, None
        if handle:
            _library().dafu_follower_free(handle)

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def version() -> str:
    """Returns the release of the library."""
    text: bytes = _library().dafu_version()
    return text.decode()


# What follows is dafu.h in ctypes.


class _Str(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("len", c_size_t)]


class _Text(ctypes.Structure):
    _fields_ = [("data", POINTER(c_char)), ("len", c_size_t)]


class _Error(ctypes.Structure):
    _fields_ = [
        ("status", c_int32),
        ("reserved", c_int32),
        ("message", _Str),
        ("file", _Str),
        ("line", c_uint64),
    ]


class _Generation(ctypes.Structure):
    _fields_ = [("number", c_uint64), ("version", c_uint64), ("time", c_int64), ("name", _Str)]

    def value(self) -> Generation:
        return Generation(self.number, self.version, self.time, _str(self.name))


class _Suggestion(ctypes.Structure):
    _fields_ = [("entry", _Str), ("question", _Str)]


class _Suggestions(ctypes.Structure):
    _fields_ = [("items", POINTER(POINTER(_Suggestion))), ("items_len", c_size_t)]


class _SlotValue(ctypes.Structure):
    _fields_ = [("name", _Str), ("value", _Str)]


class _AskOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("at", POINTER(c_int64)),
        ("channel", _Str),
        ("audience", c_int32),
        ("precision", c_float),
        ("locale", _Str),
        ("category", _Str),
        ("tags", POINTER(_Str)),
        ("tags_len", c_size_t),
        ("threshold", POINTER(c_float)),
        ("choices", POINTER(c_uint32)),
        ("hits", c_size_t),
    ]

    def __init__(
        self,
        at: Optional[datetime],
        channel: Optional[str],
        agent: bool,
        locale: Optional[str],
        category: Optional[str],
        tags: Sequence[str],
        precision: float,
        threshold: Optional[float],
        choices: Optional[int],
        hits: int,
    ) -> None:
        # ctypes keeps what is assigned to a pointer field alive with the structure.
        super().__init__(size=ctypes.sizeof(_AskOptions), audience=2 if agent else 0, precision=precision, hits=hits)
        self.channel, self.locale, self.category = _given(channel), _given(locale), _given(category)
        self.tags, self.tags_len = (_Str * len(tags))(*map(_given, tags)), len(tags)
        if at is not None:
            self.at = ctypes.pointer(c_int64(int(at.timestamp())))
        if threshold is not None:
            self.threshold = ctypes.pointer(c_float(threshold))
        if choices is not None:
            self.choices = ctypes.pointer(c_uint32(choices))


_FollowCallback = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_Generation), POINTER(_Error))

_IN = [c_void_p, c_char_p, c_size_t]
_FUNCTIONS: dict[str, list[Any]] = {
    "dafu_check_abi": [c_uint32, c_uint32],
    "dafu_kb_load": [c_char_p, c_size_t, c_void_p, c_void_p],
    "dafu_kb_from_bytes": [c_char_p, c_size_t, c_int32, c_void_p, c_void_p],
    "dafu_kb_open_live": [c_char_p, c_size_t, c_char_p, c_size_t, c_void_p, c_void_p],
    "dafu_kb_reload": [c_void_p, c_void_p],
    "dafu_kb_generation": [c_void_p, c_void_p],
    "dafu_kb_follow": [c_void_p, c_uint64, _FollowCallback, c_void_p, c_void_p],
    "dafu_ask_json": _IN + [c_void_p, c_void_p],
    "dafu_explain_json": _IN + [c_void_p, c_void_p],
    "dafu_entry_json": _IN + [c_void_p],
    "dafu_suggest": _IN + [c_size_t, c_void_p, c_void_p],
    "dafu_render": _IN + [c_size_t, POINTER(_SlotValue), c_size_t, c_int32, c_void_p],
}
_FREE = ["kb", "follower", "error", "text", "suggestions", "generation"]

_loaded: Optional[ctypes.CDLL] = None


def _library() -> ctypes.CDLL:
    """The library, loaded and checked once."""
    global _loaded
    if _loaded is None:
        path = os.environ.get("DAFU_LIBRARY") or ctypes.util.find_library("dafu")
        if not path:
            raise ImportError("libdafu was not found; install it, or set DAFU_LIBRARY to its path")
        library = ctypes.CDLL(path)
        for name, arguments in _FUNCTIONS.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments + [c_void_p], c_int32
        for name in _FREE:
            function = getattr(library, f"dafu_{name}_free")
            function.argtypes, function.restype = [c_void_p], None
        library.dafu_version.argtypes, library.dafu_version.restype = [], c_char_p
        _loaded = library
        _check(library.dafu_check_abi, *ABI)
    return _loaded


def _check(function: Any, *arguments: Any) -> None:
    """Makes a call whose last argument is the error, and raises what it fails with."""
    error = POINTER(_Error)()
    status = function(*arguments, byref(error))
    if status == 0:
        return
    try:
        told = error.contents
        raise Error(status, _str(told.message), _str(told.file) or None, told.line or None)
    finally:
        _library().dafu_error_free(error)


def _text(text: str) -> tuple[bytes, int]:
    """A text as the two arguments of a call."""
    encoded = text.encode()
    return encoded, len(encoded)


def _given(text: Optional[str]) -> _Str:
    """A text in a structure; None is not set."""
    return _Str(None, 0) if text is None else _Str(*_text(text))


def _str(text: _Str) -> str:
    return ctypes.string_at(text.data, text.len).decode() if text.data is not None else ""


def _taken(text: Any) -> str:
    try:
        return ctypes.string_at(text.contents.data, text.contents.len).decode()
    finally:
        _library().dafu_text_free(text)


def _reply(told: Mapping[str, Any]) -> Reply:
    hits = [_hit(hit) for hit in told["hits"]]
    return Reply(
        told["decision"], told["reason"], told["confidence"], told["generation"], hits, hits[: told["choices"]]
    )


def _hit(told: Mapping[str, Any]) -> Hit:
    def spans(name: str) -> list[tuple[int, int]]:
        return [(span["chars"]["start"], span["chars"]["end"]) for span in told[name]]

    return Hit(
        entry=told["entry"],
        question=told["question"],
        answer=told["answer"],
        confidence=told["confidence"],
        evidence=told["evidence"],
        phrasing=told["phrasing"],
        category=told["category"],
        related=told["related"],
        follow_ups=told["follow_ups"],
        question_spans=spans("question_spans"),
        phrasing_spans=spans("phrasing_spans"),
    )
