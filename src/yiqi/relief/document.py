"""The list of measures as JSON has it: see ``docs/reference/relief.md``. No float occurs in it."""

from __future__ import annotations

from typing import Any

from yiqi.relief.entitlements import Entitlements
from yiqi.relief.stacking import Stacking


def relief_document(found: Entitlements) -> dict[str, Any]:
    """The measures that give a claim, sorted; programmes and measures of other places apart; what goes together."""
    return {
        "measures": [e.as_dict() for e in found.measures],
        "programmes": [e.as_dict() for e in found.programmes],
        "elsewhere": [e.scheme for e in found.elsewhere],
        "place_unknown": [e.scheme for e in found.unplaced],
        "together": Stacking(found).as_dict(),
    }
