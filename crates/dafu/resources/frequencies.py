"""Makes frequencies.txt: how common each character is in Chinese at large.

    python frequencies.py dict.txt > frequencies.txt

dict.txt is the dictionary of jieba (MIT licence), as jieba-rs 0.11.0 ships it in src/data: a word, how often it was
counted and its part of speech a line. A character counts as often as all words that it stands in.

A line of the table has a character and -10 ln p, p being its share of all characters, in three digits. All lines have
the same length and stand in the order of code points, so that the table is searched as it is. Characters that were
counted less than LEAST times are left out.
"""

import collections
import math
import sys

LEAST = 50


def main():
    counts = collections.Counter()
    for line in open(sys.argv[1], encoding="utf-8"):
        word, count, _ = line.split(" ")
        for char in word:
            if "\u4e00" <= char <= "\u9fff":
                counts[char] += int(count)
    total = sum(counts.values())
    for char, count in sorted(counts.items()):
        if count >= LEAST:
            print(f"{char}{round(-10 * math.log(count / total)):03}")


main()
