"""Published figures: each has a source that can be said in both languages and a tag."""

import pytest

from yiqi.pulse.figures import assumed, published, sources


def test_a_figure_is_what_the_file_says():
    figure = published().figure("above_size_industrial_sme", "2021", "nation", "units")
    assert (figure.value, figure.unit, figure.tag) == (401_000, "units", "A")


def test_what_is_not_published_is_a_key_error():
    with pytest.raises(KeyError):
        published().value("legal_entities", "1949", "nation")
    with pytest.raises(KeyError):
        published().group("legal_entities", "1949", "nation")


def test_every_tag_is_a_to_d_and_every_assumption_is_d():
    assert {figure.tag for figure in published()} <= set("ABCD")
    assert {figure.tag for figure in assumed()} == {"D"}


def test_every_assumption_has_a_source_in_both_languages():
    names = sources()
    assert [f.source for f in assumed() if f.source not in names] == []
    assert [name for name in names.values() if not name.zh or name.zh == name.en] == []


def test_sections_of_2024_add_up_to_the_nation():
    sections = published().group("legal_entities", "2024", "section")
    assert sum(f.value for f in sections.values()) == published().value("legal_entities", "2024", "nation")
