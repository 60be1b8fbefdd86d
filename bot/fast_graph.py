"""Runs Rasa's component graph in one cached order; Rasa asks dask for a new plan at every run."""
# ruff: noqa: SLF001  # written for the inside of one release of Rasa

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

#: name of a node, the node, names of what it takes
Step = tuple[str, Any, tuple[str, ...]]


def run(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """As DaskGraphRunner.run for graphs whose targets are nodes; same nodes, same order of needs."""
    wanted = tuple(targets or self._graph_schema.target_names)
    plans = self.__dict__.setdefault("_openbot_plans", {})
    plan = plans.get(wanted)
    if plan is None:
        plan = plans[wanted] = _plan(self, wanted)
    clash = set(inputs or ()) & set(self._graph_schema.nodes)
    if clash:
        raise GraphRunError(f"Input names {sorted(clash)} clash with names of nodes.")
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, node, needs in plan:
        done[name] = node(*[done.get(need, need) for need in needs])
    return dict(done[target] for target in wanted)


def _plan(runner: DaskGraphRunner, targets: tuple[str, ...]) -> list[Step]:
    schema = runner._graph_schema.minimal_graph_schema(list(targets))
    steps: list[Step] = []
    planned = set()

    def add(name: str) -> None:
        if name in planned or name not in schema.nodes:
            return
        planned.add(name)
        needs = tuple(schema.nodes[name].needs.values())
        # Rules first: where they are certain, stories need not be asked (fast_policies.py).
        for need in sorted(needs, key=lambda need: not _is_rules(runner, need)):
            add(need)
        steps.append((name, runner._instantiated_nodes[name], needs))

    for target in targets:
        add(target)
    return steps


def _is_rules(runner: DaskGraphRunner, name: str) -> bool:
    node = runner._instantiated_nodes.get(name)
    return node is not None and issubclass(node._component_class, RulePolicy)
