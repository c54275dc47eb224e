"""Effect learners of others, each fitted on one fold's other rows: `fit(x, arm, y, tested) -> effects by action`.

Settings are those of a careful user: LightGBM of 100 trees, 15 leaves, learning rate 0.05 and 100 rows a leaf, the same
everywhere (uplift is a small signal: the defaults of 31 leaves and 20 rows overfit it); forests as their makers set them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor

THREADS = 1
SIZE = dict(n_estimators=100, num_leaves=15, learning_rate=0.05, min_child_samples=100, subsample=0.8, subsample_freq=1,
            colsample_bytree=0.7, n_jobs=THREADS, verbose=-1, random_state=1)


def classifier():
    return LGBMClassifier(**SIZE)


def regressor():
    return LGBMRegressor(**SIZE)


def by_action(x, arm, y, tested, one):
    """A learner of one action against the control, for each action."""
    effects = []
    for action in range(1, arm.max() + 1):
        rows = np.isin(arm, [0, action])
        effects.append(one(x[rows], (arm[rows] == action).astype(int), y[rows], tested))
    return np.column_stack(effects)


def sklift_s(x, arm, y, tested):
    from sklift.models import SoloModel

    def one(x, t, y, tested):
        return SoloModel(classifier()).fit(x, y.astype(int), t).predict(tested)

    return by_action(x, arm, y, tested, one)


def sklift_t(x, arm, y, tested):
    from sklift.models import TwoModels

    def one(x, t, y, tested):
        model = TwoModels(classifier(), classifier(), method="vanilla")
        return model.fit(x, pd.Series(y.astype(int), index=x.index), pd.Series(t, index=x.index)).predict(tested)

    return by_action(x, arm, y, tested, one)


def sklift_class_transformation(x, arm, y, tested):
    from sklift.models import ClassTransformation

    def one(x, t, y, tested):
        model = ClassTransformation(classifier())
        return model.fit(x, pd.Series(y.astype(int), index=x.index), pd.Series(t, index=x.index)).predict(tested)

    return by_action(x, arm, y, tested, one)


def causalml(kind):
    def fit(x, arm, y, tested):
        from causalml.inference.meta import BaseDRRegressor, BaseSRegressor, BaseTRegressor, BaseXRegressor

        learner = {"S": BaseSRegressor, "T": BaseTRegressor, "X": BaseXRegressor, "DR": BaseDRRegressor}[kind]
        model = learner(learner=regressor(), control_name=0)
        share = {action: np.full(len(arm), np.mean(arm[np.isin(arm, [0, action])] == action)) for action in range(1, arm.max() + 1)}
        more, tested_more = {}, {}
        if kind in ("X", "DR"):
            more["p"] = share
        if kind == "X":
            tested_more["p"] = {action: np.full(len(tested), p[0]) for action, p in share.items()}
        model.fit(X=x.to_numpy(), treatment=arm, y=y, **more)
        return np.asarray(model.predict(X=tested.to_numpy(), **tested_more))

    return fit


def econml_dr(x, arm, y, tested):
    from econml.dr import DRLearner
    from sklearn.dummy import DummyClassifier

    model = DRLearner(model_propensity=DummyClassifier(strategy="prior"), model_regression=regressor(),
                      model_final=regressor(), cv=3, random_state=1)
    model.fit(y, arm, X=x.to_numpy())
    return np.column_stack([model.effect(tested.to_numpy(), T0=0, T1=action) for action in range(1, arm.max() + 1)])


def econml_forest(x, arm, y, tested):
    from econml.dml import CausalForestDML
    from sklearn.dummy import DummyClassifier

    model = CausalForestDML(model_y=regressor(), model_t=DummyClassifier(strategy="prior"), discrete_treatment=True,
                            n_estimators=500, min_samples_leaf=100, cv=3, n_jobs=THREADS, random_state=1)
    model.fit(y, arm, X=x.to_numpy())
    return np.column_stack([model.effect(tested.to_numpy(), T0=0, T1=action) for action in range(1, arm.max() + 1)])


PEERS = {
    "scikit-uplift S (LightGBM)": sklift_s,
    "scikit-uplift T (LightGBM)": sklift_t,
    "scikit-uplift class transformation (LightGBM)": sklift_class_transformation,
    "CausalML S (LightGBM)": causalml("S"),
    "CausalML T (LightGBM)": causalml("T"),
    "CausalML X (LightGBM)": causalml("X"),
    "CausalML DR (LightGBM)": causalml("DR"),
    "EconML DRLearner (LightGBM)": econml_dr,
    "EconML CausalForestDML": econml_forest,
}
