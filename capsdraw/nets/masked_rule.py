"""The odds that a mask's digit is read rightly; written by `training.experiments.mask_odds`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# By cards that say when to doubt, and by others.
MASKED: Final = VerdictRule(
    limit=4.313,
    weights={
        "excess": Weighed(middle=-5.605, deviation=3.038, linear=0.3108, square=0.1806),
        "score": Weighed(middle=0.9801, deviation=0.07033, linear=-2.418, square=-0.3189),
        "second": Weighed(middle=0.05264, deviation=0.1143, linear=-0.972, square=0.1525),
        "valleys": Weighed(middle=0.02755, deviation=0.1825, linear=-0.00371, square=-0.01428),
        "parts": Weighed(middle=1.016, deviation=0.1324, linear=-0.0338, square=-0.1312),
        "high": Weighed(middle=-0.08094, deviation=0.08164, linear=0.5931, square=0.1185),
        "wide": Weighed(middle=0.662, deviation=0.2475, linear=0.6074, square=-0.481),
        "slim": Weighed(middle=0.7168, deviation=0.2685, linear=0.1493, square=0.2812),
        "one": Weighed(middle=0.1762, deviation=0.3809, linear=0.05674, square=0.09647),
        "wide_one": Weighed(middle=0.08071, deviation=0.2208, linear=0.5638, square=-0.2922),
        "off": Weighed(middle=0.02706, deviation=0.02974, linear=0.2218, square=-0.04633),
        "centred": Weighed(middle=7.726, deviation=2.57, linear=-0.6216, square=0.4523),
        "shared": Weighed(middle=0.02861, deviation=0.05735, linear=1.521, square=-0.368),
        "uncovered": Weighed(middle=0.03379, deviation=0.1262, linear=2.876, square=-0.2802),
    },
)
MASKED_PLAIN: Final = VerdictRule(
    limit=4.243,
    weights={
        "score": Weighed(middle=0.9801, deviation=0.07033, linear=-3.086, square=-0.3647),
        "second": Weighed(middle=0.05264, deviation=0.1143, linear=-1.234, square=0.1667),
        "valleys": Weighed(middle=0.02755, deviation=0.1825, linear=0.00348, square=0.01339),
        "parts": Weighed(middle=1.016, deviation=0.1324, linear=-0.01539, square=-0.05976),
        "high": Weighed(middle=-0.08094, deviation=0.08164, linear=0.6209, square=0.1375),
        "wide": Weighed(middle=0.662, deviation=0.2475, linear=0.7022, square=-0.4936),
        "slim": Weighed(middle=0.7168, deviation=0.2685, linear=0.1991, square=0.2541),
        "one": Weighed(middle=0.1762, deviation=0.3809, linear=0.1293, square=0.2199),
        "wide_one": Weighed(middle=0.08071, deviation=0.2208, linear=0.08942, square=-0.2227),
        "off": Weighed(middle=0.02706, deviation=0.02974, linear=0.2045, square=-0.04909),
        "centred": Weighed(middle=7.726, deviation=2.57, linear=-0.7151, square=0.4214),
        "shared": Weighed(middle=0.02861, deviation=0.05735, linear=1.321, square=-0.3042),
        "uncovered": Weighed(middle=0.03379, deviation=0.1262, linear=3.469, square=-0.4393),
    },
)
