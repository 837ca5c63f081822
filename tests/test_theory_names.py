"""Names of memnet.theory: what is exported, and no module that hides it."""

import pkgutil

from memnet import theory


def test_no_module_has_the_name_of_what_is_exported():
    modules = {module.name for module in pkgutil.iter_modules(theory.__path__)}
    assert modules & set(theory.__all__) == set()
    assert all(callable(getattr(theory, name)) for name in theory.__all__)


def test_exports():
    assert {"mean_field", "phase_diagram", "projector", "landau", "rate_balance_potential"} <= set(theory.__all__)
    assert {"FixedPoint", "MeanField", "RateBalanceField", "HillockField", "LinearDriftField"} <= set(theory.__all__)
