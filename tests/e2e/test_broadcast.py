"""A broadcast beside customers who order, through real processes; `python -m bench.broadcast` does it in full size."""

from bench.broadcast import company, measure


def test_everybody_gets_it_but_who_wrote_baja_while_others_order(tmp_path):
    url = f"sqlite:///{tmp_path}/openbot.db"
    with company(tmp_path, database_url=url, broadcast_messages_per_second="20") as running:
        found = measure(running, contacts=200, customers=5, orders=1, think=0)
    sends = found.statistics["sends"]
    assert (found.busy.lost, found.quiet.lost) == (0, 0)
    assert (sends["refused"], sends["window_violations"], found.statistics["duplicates"]) == ({}, 0, {})
    assert (found.twice, found.opted_out_got_it) == (0, 0)
    assert sum(found.states.values()) == 200
    assert set(found.states) == {"sent", "skipped"}
    assert set(found.reasons) == {"opted_out"}
    assert found.templates_sent == found.states["sent"]
