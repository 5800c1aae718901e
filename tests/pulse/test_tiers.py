"""Rungs of research and titles."""

from __future__ import annotations

import pytest

from yiqi.pulse.ages import fit_ages, survival
from yiqi.pulse.figures import assumed, published
from yiqi.pulse.fit import Fit


def shares(fitted: Fit) -> dict[tuple[str, int], float]:
    total = sum(target.value for target in fitted.targets.sections.values())
    return {
        (branch.key, size): fitted.targets.sections[branch.section].value * branch.share / total * share
        for branch in fitted.branches
        for size, share in enumerate(fitted.classes[branch.key])
    }


def test_titles_have_the_published_shares(fitted: Fit):
    held = shares(fitted)
    for rung, target in enumerate(fitted.targets.titles, start=1):
        total = sum(share * fitted.rungs.likelihoods[stratum][rung] for stratum, share in held.items())
        assert total == pytest.approx(target.value, rel=1e-6)


def test_a_rung_is_never_likelier_than_the_one_below(fitted: Fit):
    for likelihoods in fitted.rungs.likelihoods.values():
        assert list(likelihoods) == sorted(likelihoods, reverse=True)


def test_large_enterprises_have_no_title_of_smes(fitted: Fit):
    assert {likelihoods[1:] for (_, size), likelihoods in fitted.rungs.likelihoods.items() if size == 3} == {(0, 0, 0)}


def test_research_costs_more_the_higher_the_rung(fitted: Fit):
    assert list(fitted.rungs.intensities) == sorted(fitted.rungs.intensities)
    assert fitted.rungs.intensities[-1] == pytest.approx(0.053)


def test_ages_have_the_published_shares_and_larger_enterprises_are_older(fitted: Fit):
    ages = fit_ages(fitted.targets, published(), assumed())
    assert sum(sum(row[:5]) for row in ages) == pytest.approx(0.494)
    assert sum(sum(row[5:10]) for row in ages) == pytest.approx(0.329)
    means = [sum(age * share for age, share in enumerate(row)) / sum(row) for row in ages]
    assert means == sorted(means)


def test_survival_goes_on_at_the_last_rate():
    curve = survival(published(), 9)
    assert curve[:4] == [1.0, 0.984, 0.922, 0.834]
    assert curve[9] == pytest.approx(0.58 * (1 - 0.062) ** 2)
