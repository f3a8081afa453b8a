"""The odds that a mask's digit is read rightly; written by `training.experiments.mask_odds`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# By cards that say when to doubt, and by others.
MASKED: Final = VerdictRule(
    limit=6.198,
    weights={
        "excess": Weighed(middle=-6.257, deviation=2.182, linear=0.3674, square=0.02183),
        "score": Weighed(middle=0.989, deviation=0.04043, linear=-1.476, square=-0.1268),
        "second": Weighed(middle=0.04254, deviation=0.0853, linear=-0.7653, square=0.1373),
        "valleys": Weighed(middle=0.02471, deviation=0.1666, linear=-0.01169, square=-0.04503),
        "parts": Weighed(middle=1.012, deviation=0.1185, linear=-0.002515, square=-0.009801),
        "high": Weighed(middle=-0.07869, deviation=0.07037, linear=0.5898, square=0.1073),
        "wide": Weighed(middle=0.7146, deviation=0.1955, linear=0.1798, square=0.3674),
        "slim": Weighed(middle=0.7713, deviation=0.2041, linear=-0.1541, square=-0.4372),
        "one": Weighed(middle=0.1042, deviation=0.3055, linear=0.06498, square=0.1684),
        "wide_one": Weighed(middle=0.07896, deviation=0.237, linear=-1.127, square=0.117),
        "off": Weighed(middle=0.02668, deviation=0.02789, linear=0.4104, square=-0.02029),
        "centred": Weighed(middle=8.674, deviation=2.183, linear=-0.4539, square=0.3063),
        "shared": Weighed(middle=0.0295, deviation=0.0537, linear=1.116, square=-0.1507),
        "uncovered": Weighed(middle=0.007221, deviation=0.0239, linear=-0.7672, square=0.3515),
    },
)
MASKED_PLAIN: Final = VerdictRule(
    limit=6.243,
    weights={
        "score": Weighed(middle=0.989, deviation=0.04043, linear=-1.875, square=-0.1583),
        "second": Weighed(middle=0.04254, deviation=0.0853, linear=-1.008, square=0.1858),
        "valleys": Weighed(middle=0.02471, deviation=0.1666, linear=-0.005855, square=-0.02256),
        "parts": Weighed(middle=1.012, deviation=0.1185, linear=0.005539, square=0.02158),
        "high": Weighed(middle=-0.07869, deviation=0.07037, linear=0.5903, square=0.1331),
        "wide": Weighed(middle=0.7146, deviation=0.1955, linear=0.2176, square=0.374),
        "slim": Weighed(middle=0.7713, deviation=0.2041, linear=-0.06136, square=-0.4727),
        "one": Weighed(middle=0.1042, deviation=0.3055, linear=0.08367, square=0.2168),
        "wide_one": Weighed(middle=0.07896, deviation=0.237, linear=-1.234, square=0.09443),
        "off": Weighed(middle=0.02668, deviation=0.02789, linear=0.3963, square=-0.02838),
        "centred": Weighed(middle=8.674, deviation=2.183, linear=-0.4158, square=0.3568),
        "shared": Weighed(middle=0.0295, deviation=0.0537, linear=1.092, square=-0.1477),
        "uncovered": Weighed(middle=0.007221, deviation=0.0239, linear=-0.6872, square=0.3462),
    },
)
