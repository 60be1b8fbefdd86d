import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).with_name("heldout_items.py")
ENOUGH = 0.96


def test_nearly_all_held_out_sentences_are_read_exactly_right() -> None:
    spec = importlib.util.spec_from_file_location("heldout_items", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    everything = list(script.verdicts())
    wrong = [each.say for each in everything if not each.right]
    assert len(everything) >= 150
    assert 1 - len(wrong) / len(everything) >= ENOUGH, wrong
