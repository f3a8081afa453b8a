"""The odds that a mask's digit is read rightly; written by `training.experiments.mask_odds`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# By cards that say when to doubt, and by others.
MASKED: Final = VerdictRule(
    limit=2.463,
    weights={
        "excess": Weighed(middle=-4.468, deviation=4.496, linear=2.323, square=0.5375),
        "score": Weighed(middle=0.9549, deviation=0.1174, linear=-1.862, square=-0.351),
        "second": Weighed(middle=0.08438, deviation=0.172, linear=-0.6866, square=0.08304),
        "valleys": Weighed(middle=0.02957, deviation=0.1857, linear=-0.004645, square=-0.01784),
        "parts": Weighed(middle=1.036, deviation=0.2013, linear=-0.02926, square=-0.1118),
        "high": Weighed(middle=-0.09013, deviation=0.08702, linear=0.3491, square=0.1886),
        "wide": Weighed(middle=0.6985, deviation=0.2029, linear=-0.2276, square=-0.04944),
        "slim": Weighed(middle=0.7618, deviation=0.2143, linear=0.03249, square=-0.09068),
        "one": Weighed(middle=0.1303, deviation=0.3366, linear=0.2377, square=0.5221),
        "wide_one": Weighed(middle=0.0828, deviation=0.2297, linear=-0.8023, square=-0.3093),
        "off": Weighed(middle=0.02773, deviation=0.02927, linear=0.4913, square=-0.07752),
        "centred": Weighed(middle=7.618, deviation=3.004, linear=-1.737, square=0.1643),
        "shared": Weighed(middle=0.04619, deviation=0.08603, linear=0.8335, square=-0.137),
        "uncovered": Weighed(middle=0.03767, deviation=0.09753, linear=2.97, square=-0.2631),
    },
)
MASKED_PLAIN: Final = VerdictRule(
    limit=1.521,
    weights={
        "score": Weighed(middle=0.9549, deviation=0.1174, linear=-5.11, square=-0.7755),
        "second": Weighed(middle=0.08438, deviation=0.172, linear=-1.925, square=0.2297),
        "valleys": Weighed(middle=0.02957, deviation=0.1857, linear=0.01399, square=0.05372),
        "parts": Weighed(middle=1.036, deviation=0.2013, linear=0.003, square=0.01146),
        "high": Weighed(middle=-0.09013, deviation=0.08702, linear=0.164, square=0.1597),
        "wide": Weighed(middle=0.6985, deviation=0.2029, linear=-0.3555, square=-0.009576),
        "slim": Weighed(middle=0.7618, deviation=0.2143, linear=0.5025, square=-0.2),
        "one": Weighed(middle=0.1303, deviation=0.3366, linear=0.2818, square=0.619),
        "wide_one": Weighed(middle=0.0828, deviation=0.2297, linear=-1.181, square=-0.3242),
        "off": Weighed(middle=0.02773, deviation=0.02927, linear=0.4925, square=-0.1525),
        "centred": Weighed(middle=7.618, deviation=3.004, linear=-2.197, square=0.08127),
        "shared": Weighed(middle=0.04619, deviation=0.08603, linear=0.1685, square=0.01619),
        "uncovered": Weighed(middle=0.03767, deviation=0.09753, linear=3.819, square=-0.5653),
    },
)
