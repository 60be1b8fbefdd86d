"""The same examples each time, few of them: a failing one is worth more than many."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "openbot",
    max_examples=25,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("openbot")
