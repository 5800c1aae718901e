"""Alias tables give each place exactly its weight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.pulse.alias import SLOTS, alias


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=SLOTS).filter(lambda weights: sum(weights) > 0.001))
def test_the_shares_of_the_entries_add_up_to_the_weights(weights: list[float]):
    held = [0.0] * len(weights)
    for cut, low, high in alias(weights):
        held[low] += cut / SLOTS
        held[high] += (1 - cut) / SLOTS
    assert held == pytest.approx([weight / sum(weights) for weight in weights], abs=1e-9)


def test_what_cannot_be_a_table_is_an_error():
    with pytest.raises(ValueError, match="do not fit"):
        alias([1.0] * (SLOTS + 1))
    with pytest.raises(ValueError, match="no weight"):
        alias([0.0])
