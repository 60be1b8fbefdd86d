"""`NormalizingLinearClassifier` for config.yml: one pipeline component from raw text to ranked intents.

Needs no tokenizer and no featurizer before it. Loading imports neither scikit-learn, skops nor TensorFlow.
"""

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear_model import LinearModel
from bot.nlu.normalise import normalise

_WEIGHTS = "intents.npz"
_CODE = ("normalise.py", "linear_model.py", "linear_training.py")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NormalizingLinearClassifier(GraphComponent, IntentClassifier):
    """Intent of a text by normalisation and logistic regression.

    An empty text, or one of which nothing readable is left, gets the intent None with confidence 0, which
    the FallbackClassifier after it turns into nlu_fallback.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: file of word classes, relative to where training is started; `ranking_length`: intents reported."""
        return {"words": "data/words.yml", "ranking_length": 10}

    @staticmethod
    def required_packages() -> list[str]:
        """Loading needs numpy; training scipy too."""
        return ["numpy", "scipy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """A change of our code or of the word classes retrains: Rasa's cache sees neither."""
        paths = [Path(__file__).parent / name for name in _CODE] + [Path(config["words"])]
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "NormalizingLinearClassifier":
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> "NormalizingLinearClassifier":
        """The classifier that `train` stored.

        Raises when its weights are missing: an assistant that understands nothing must not start.
        """
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder / _WEIGHTS))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example that has text and intent, and store the weights."""
        from bot.nlu.linear_training import Recipe, train, word_classes

        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        self._model = train(
            [normalise(e.get(TEXT)) for e in examples],
            [e.get(INTENT) for e in examples],
            recipe=Recipe(classes=word_classes(Path(self._config["words"]))),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / _WEIGHTS)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` of each message."""
        if self._model is None:
            raise RuntimeError("the intent classifier was neither trained nor loaded")
        for message in messages:
            ranking = [
                {"name": name, "confidence": chance}
                for name, chance in self._model.ranking(normalise(message.get(TEXT) or ""))
            ]
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set("intent", dict(best), add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages
