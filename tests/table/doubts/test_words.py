"""The word of a text that tells a class."""

import numpy as np
import polars as pl

from layerwise.table.doubts.words import telling_words


def groups_of(texts, y, n_classes=2, train=None):
    train = np.arange(len(y)) if train is None else train
    (groups,) = telling_words(
        pl.Series(texts, dtype=pl.String), np.asarray(y), n_classes, [train]
    )
    return groups


def test_a_word_of_one_class_parts_texts():
    texts = ["Refund sent, Ann", "as usual, Bob", "as usual, Ann"] * 20
    groups = groups_of(texts, [1, 0, 0] * 20)
    assert len(set(groups[::3])) == 1
    assert not set(groups[::3]) & (set(groups[1::3]) | set(groups[2::3]))


def test_words_of_all_classes_tell_nothing():
    texts = ["good day", "good night"] * 20
    assert groups_of(texts, [0, 0, 1, 1] * 10).tolist() == [0] * 40


def test_rare_words_and_missing_texts_tell_nothing():
    texts = ["only once", None, "", "seen thrice", "seen thrice", "seen thrice"]
    assert groups_of(texts, [1, 0, 0, 1, 1, 1]).tolist() == [0] * 6
    assert groups_of([None] * 4, [0, 1, 0, 1]).tolist() == [0] * 4


def test_only_training_rows_count():
    texts = ["yes"] * 20 + ["no"] * 20
    y = [1] * 20 + [0] * 20
    some = np.r_[0:10, 20:40]
    groups = groups_of(texts, y, train=some)
    assert len(set(groups[:20])) == 1
    y_changed = [1] * 10 + [0] * 10 + [0] * 20
    np.testing.assert_array_equal(groups, groups_of(texts, y_changed, train=some))


def test_letters_of_all_scripts_make_words():
    texts = ["Заявка отклонена", "Заявка принята"] * 15
    groups = groups_of(texts, [0, 1] * 15)
    assert not set(groups[::2]) & set(groups[1::2])
