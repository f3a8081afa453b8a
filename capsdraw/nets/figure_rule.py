"""The odds that a figure is a digit of a number; written by `training.experiments.number_rule`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# A number is believed where it is likelier than one digit by so much, in logarithms; where so large a share of its
# digits are some that the net knows; and where its figures cost no more than that, on average.
MARGIN: Final = 1.5
FEWEST_NAMED: Final = 0.6
MOST_COST: Final = 2.0

# A figure by itself: by cards that say when to doubt, and by others.
RULE: Final = VerdictRule(
    limit=-0.9799,
    weights={
        "excess": Weighed(middle=2.551, deviation=6.652, linear=1.811, square=-0.2383),
        "score": Weighed(middle=0.8438, deviation=0.1946, linear=-1.504, square=-0.4465),
        "second": Weighed(middle=0.2171, deviation=0.2774, linear=-1.542, square=0.5236),
        "figures": Weighed(middle=0.1602, deviation=0.3667, linear=0.1653, square=0.3064),
        "valleys": Weighed(middle=0.3926, deviation=0.7293, linear=0.3251, square=0.05383),
        "parts": Weighed(middle=1.453, deviation=0.6309, linear=-0.8277, square=0.1697),
        "dot": Weighed(middle=4.402e-05, deviation=0.006636, linear=-6.036e-09, square=1.897e-09),
        "high": Weighed(middle=-0.1824, deviation=0.3011, linear=-3.615, square=1.279),
        "wide": Weighed(middle=0.7718, deviation=0.4382, linear=3.772, square=0.8327),
        "slim": Weighed(middle=0.8928, deviation=0.4891, linear=-4.451, square=0.6553),
        "one": Weighed(middle=0.2072, deviation=0.4053, linear=-0.5213, square=-0.7533),
        "wide_one": Weighed(middle=0.07504, deviation=0.1987, linear=3.486, square=-0.6464),
        "off": Weighed(middle=0.07895, deviation=0.1512, linear=0.544, square=0.2837),
        "inner": Weighed(middle=-0.07445, deviation=0.3065, linear=1.409, square=0.8152),
        "inner_edges": Weighed(middle=-0.1441, deviation=0.2795, linear=0.9742, square=0.6489),
        "nearest": Weighed(middle=0.05494, deviation=0.1798, linear=-0.9113, square=0.07907),
        "furthest": Weighed(middle=0.2894, deviation=0.231, linear=0.55, square=1.202),
        "nearest_edges": Weighed(middle=-0.07196, deviation=0.2423, linear=-0.02148, square=0.2454),
        "slices": Weighed(middle=1.72, deviation=1.573, linear=1.565, square=-0.05421),
        "cuts": Weighed(middle=1.024, deviation=0.7561, linear=1.095, square=-0.6878),
        "crossed": Weighed(middle=0.08274, deviation=0.07487, linear=-0.3848, square=0.8835),
        "seams": Weighed(middle=1.319, deviation=1.389, linear=-1.125, square=0.06991),
        "least_crossed": Weighed(middle=0.2544, deviation=0.2032, linear=0.7419, square=-0.4905),
    },
)
PLAIN: Final = VerdictRule(
    limit=-0.974,
    weights={
        "score": Weighed(middle=0.8438, deviation=0.1946, linear=-3.355, square=-0.9725),
        "second": Weighed(middle=0.2171, deviation=0.2774, linear=-1.977, square=0.5761),
        "figures": Weighed(middle=0.1602, deviation=0.3667, linear=0.2229, square=0.4131),
        "valleys": Weighed(middle=0.3926, deviation=0.7293, linear=0.6858, square=-0.09659),
        "parts": Weighed(middle=1.453, deviation=0.6309, linear=-0.07638, square=-0.06487),
        "dot": Weighed(middle=4.402e-05, deviation=0.006636, linear=-3.655e-09, square=1.125e-08),
        "high": Weighed(middle=-0.1824, deviation=0.3011, linear=-3.473, square=1.195),
        "wide": Weighed(middle=0.7718, deviation=0.4382, linear=3.692, square=0.8471),
        "slim": Weighed(middle=0.8928, deviation=0.4891, linear=-3.888, square=0.4779),
        "one": Weighed(middle=0.2072, deviation=0.4053, linear=-0.3417, square=-0.4938),
        "wide_one": Weighed(middle=0.07504, deviation=0.1987, linear=2.711, square=-0.5702),
        "off": Weighed(middle=0.07895, deviation=0.1512, linear=0.275, square=0.2743),
        "inner": Weighed(middle=-0.07445, deviation=0.3065, linear=1.486, square=0.6602),
        "inner_edges": Weighed(middle=-0.1441, deviation=0.2795, linear=1.51, square=0.9448),
        "nearest": Weighed(middle=0.05494, deviation=0.1798, linear=-1.083, square=0.07103),
        "furthest": Weighed(middle=0.2894, deviation=0.231, linear=0.5875, square=1.246),
        "nearest_edges": Weighed(middle=-0.07196, deviation=0.2423, linear=0.1854, square=0.2878),
        "slices": Weighed(middle=1.72, deviation=1.573, linear=1.149, square=-0.1631),
        "cuts": Weighed(middle=1.024, deviation=0.7561, linear=1.062, square=-0.5467),
        "crossed": Weighed(middle=0.08274, deviation=0.07487, linear=-0.1204, square=0.7252),
        "seams": Weighed(middle=1.319, deviation=1.389, linear=-0.787, square=0.206),
        "least_crossed": Weighed(middle=0.2544, deviation=0.2032, linear=0.8937, square=-0.2133),
    },
)
# And among its rivals.
AMONG: Final = VerdictRule(
    limit=-0.7331,
    weights={
        "excess": Weighed(middle=2.551, deviation=6.652, linear=2.512, square=-0.2571),
        "score": Weighed(middle=0.8438, deviation=0.1946, linear=-2.058, square=-0.5985),
        "second": Weighed(middle=0.2171, deviation=0.2774, linear=-2.07, square=0.6982),
        "figures": Weighed(middle=0.1602, deviation=0.3667, linear=0.1854, square=0.3436),
        "valleys": Weighed(middle=0.3926, deviation=0.7293, linear=0.3374, square=0.1872),
        "parts": Weighed(middle=1.453, deviation=0.6309, linear=-1.049, square=0.1974),
        "dot": Weighed(middle=4.402e-05, deviation=0.006636, linear=-4.862e-09, square=3.675e-11),
        "high": Weighed(middle=-0.1824, deviation=0.3011, linear=-4.936, square=1.851),
        "wide": Weighed(middle=0.7718, deviation=0.4382, linear=4.438, square=1.266),
        "slim": Weighed(middle=0.8928, deviation=0.4891, linear=-5.624, square=0.7277),
        "one": Weighed(middle=0.2072, deviation=0.4053, linear=-0.7582, square=-1.096),
        "wide_one": Weighed(middle=0.07504, deviation=0.1987, linear=4.877, square=-0.8989),
        "off": Weighed(middle=0.07895, deviation=0.1512, linear=0.7168, square=0.4053),
        "inner": Weighed(middle=-0.07445, deviation=0.3065, linear=2.052, square=1.177),
        "inner_edges": Weighed(middle=-0.1441, deviation=0.2795, linear=1.455, square=1.066),
        "nearest": Weighed(middle=0.05494, deviation=0.1798, linear=-1.042, square=0.1908),
        "furthest": Weighed(middle=0.2894, deviation=0.231, linear=0.8725, square=1.515),
        "nearest_edges": Weighed(middle=-0.07196, deviation=0.2423, linear=0.08363, square=0.4185),
        "slices": Weighed(middle=1.72, deviation=1.573, linear=2.099, square=0.1557),
        "cuts": Weighed(middle=1.024, deviation=0.7561, linear=1.368, square=-0.9778),
        "crossed": Weighed(middle=0.08274, deviation=0.07487, linear=-0.4559, square=1.12),
        "seams": Weighed(middle=1.319, deviation=1.389, linear=-1.621, square=0.104),
        "least_crossed": Weighed(middle=0.2544, deviation=0.2032, linear=0.9609, square=-0.986),
        "alone": Weighed(middle=4.486, deviation=3.282, linear=-1.386, square=0.5872),
        "split": Weighed(middle=6.239, deviation=2.857, linear=0.2615, square=0.6912),
        "held": Weighed(middle=4.248, deviation=3.517, linear=-0.5624, square=-1.151),
        "before": Weighed(middle=2.131, deviation=2.951, linear=1.198, square=-0.7945),
        "after": Weighed(middle=2.011, deviation=2.894, linear=0.409, square=-0.2189),
    },
)
AMONG_PLAIN: Final = VerdictRule(
    limit=-0.3693,
    weights={
        "score": Weighed(middle=0.8438, deviation=0.1946, linear=-4.387, square=-1.259),
        "second": Weighed(middle=0.2171, deviation=0.2774, linear=-2.488, square=0.7094),
        "figures": Weighed(middle=0.1602, deviation=0.3667, linear=0.25, square=0.4633),
        "valleys": Weighed(middle=0.3926, deviation=0.7293, linear=0.6858, square=-0.01175),
        "parts": Weighed(middle=1.453, deviation=0.6309, linear=-0.05157, square=-0.1132),
        "dot": Weighed(middle=4.402e-05, deviation=0.006636, linear=-2.428e-09, square=1.052e-10),
        "high": Weighed(middle=-0.1824, deviation=0.3011, linear=-4.487, square=1.595),
        "wide": Weighed(middle=0.7718, deviation=0.4382, linear=4.021, square=1.209),
        "slim": Weighed(middle=0.8928, deviation=0.4891, linear=-4.46, square=0.5995),
        "one": Weighed(middle=0.2072, deviation=0.4053, linear=-0.5003, square=-0.723),
        "wide_one": Weighed(middle=0.07504, deviation=0.1987, linear=3.739, square=-0.7637),
        "off": Weighed(middle=0.07895, deviation=0.1512, linear=0.4176, square=0.3639),
        "inner": Weighed(middle=-0.07445, deviation=0.3065, linear=1.997, square=0.8846),
        "inner_edges": Weighed(middle=-0.1441, deviation=0.2795, linear=2.087, square=1.496),
        "nearest": Weighed(middle=0.05494, deviation=0.1798, linear=-1.141, square=0.1808),
        "furthest": Weighed(middle=0.2894, deviation=0.231, linear=0.8633, square=1.61),
        "nearest_edges": Weighed(middle=-0.07196, deviation=0.2423, linear=0.2752, square=0.4173),
        "slices": Weighed(middle=1.72, deviation=1.573, linear=1.429, square=0.004844),
        "cuts": Weighed(middle=1.024, deviation=0.7561, linear=1.358, square=-0.756),
        "crossed": Weighed(middle=0.08274, deviation=0.07487, linear=-0.2117, square=0.9779),
        "seams": Weighed(middle=1.319, deviation=1.389, linear=-1.191, square=0.3063),
        "least_crossed": Weighed(middle=0.2544, deviation=0.2032, linear=0.9732, square=-0.5134),
        "alone": Weighed(middle=4.425, deviation=3.3, linear=-1.421, square=0.3343),
        "split": Weighed(middle=6.17, deviation=2.882, linear=-0.202, square=0.418),
        "held": Weighed(middle=4.228, deviation=3.554, linear=-0.6719, square=-0.9396),
        "before": Weighed(middle=2.06, deviation=2.93, linear=0.8176, square=-0.6024),
        "after": Weighed(middle=1.977, deviation=2.873, linear=0.2571, square=-0.1427),
    },
)
