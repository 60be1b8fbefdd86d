"""The real pipeline of config.yml on the real sentences of data/nlu, trained once (about a minute)."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

# These tests belong to the assistant's environment; the project's own has no Rasa and skips them.
collect_ignore_glob = [] if find_spec("rasa") else ["test_*.py"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Pipeline:
    """What Rasa would run for each typed text."""

    parse: Callable[[str], dict]  #: text -> {"intent": {"name", "confidence"}, "intent_ranking": [...]}
    weights: Path  #: the stored weights of the classifier


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import yaml
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
    from rasa.shared.importers.utils import training_data_from_paths
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.linear_classifier import NormalizingLinearClassifier

    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    resource = Resource("classifier")
    context = ExecutionContext(GraphSchema({}))
    ours, fallback = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
    assert ours.pop("name") == "bot.nlu.linear_classifier.NormalizingLinearClassifier"
    config = NormalizingLinearClassifier.get_default_config() | ours | {"words": str(ROOT / ours["words"])}
    sentences = training_data_from_paths(sorted(map(str, (ROOT / "data" / "nlu").glob("*.yml"))), "es")
    NormalizingLinearClassifier.create(config, storage, resource, context).train(sentences)
    classifier = NormalizingLinearClassifier.load(config, storage, resource, context)
    after = FallbackClassifier(fallback)

    def parse(text):
        message = Message.build(text)
        after.process(classifier.process([message]))
        return message.data

    with storage.read_from(resource) as folder:
        return Pipeline(parse=parse, weights=folder / "intents.npz")
