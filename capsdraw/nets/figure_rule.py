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
    limit=-0.09443,
    weights={
        "excess": Weighed(middle=2.742, deviation=6.549, linear=1.78, square=-0.2478),
        "score": Weighed(middle=0.8371, deviation=0.1966, linear=-1.407, square=-0.4298),
        "second": Weighed(middle=0.2242, deviation=0.2795, linear=-1.446, square=0.4984),
        "figures": Weighed(middle=0.1456, deviation=0.3527, linear=0.1764, square=0.3544),
        "valleys": Weighed(middle=0.3877, deviation=0.719, linear=0.3347, square=0.04452),
        "parts": Weighed(middle=1.441, deviation=0.6146, linear=-0.7519, square=0.1541),
        "dot": Weighed(middle=4.985e-05, deviation=0.007062, linear=1.196e-08, square=5.043e-08),
        "high": Weighed(middle=-0.1884, deviation=0.3069, linear=-3.05, square=1.013),
        "wide": Weighed(middle=0.7856, deviation=0.4311, linear=2.234, square=0.7715),
        "slim": Weighed(middle=0.9133, deviation=0.4868, linear=-2.808, square=0.7413),
        "one": Weighed(middle=0.1909, deviation=0.393, linear=0.002693, square=0.004235),
        "wide_one": Weighed(middle=0.0744, deviation=0.199, linear=0.6777, square=-0.08707),
        "off": Weighed(middle=0.08173, deviation=0.1586, linear=0.4513, square=0.3218),
        "inner": Weighed(middle=-0.07096, deviation=0.2947, linear=1.624, square=0.9358),
        "inner_edges": Weighed(middle=-0.1438, deviation=0.2668, linear=0.7827, square=0.4776),
        "nearest": Weighed(middle=0.03676, deviation=0.1624, linear=-0.7311, square=0.03673),
        "furthest": Weighed(middle=0.275, deviation=0.2334, linear=0.4883, square=1.307),
        "nearest_edges": Weighed(middle=-0.09522, deviation=0.2217, linear=-0.03486, square=0.332),
        "slices": Weighed(middle=1.784, deviation=1.58, linear=1.46, square=0.0449),
        "cuts": Weighed(middle=1.082, deviation=0.7449, linear=1.088, square=-0.751),
        "crossed": Weighed(middle=0.0873, deviation=0.07552, linear=-0.304, square=0.8864),
        "seams": Weighed(middle=1.393, deviation=1.404, linear=-1.039, square=0.001946),
        "least_crossed": Weighed(middle=0.2436, deviation=0.2008, linear=0.7867, square=-0.4761),
    },
)
PLAIN: Final = VerdictRule(
    limit=-0.08927,
    weights={
        "score": Weighed(middle=0.8371, deviation=0.1966, linear=-3.342, square=-1.006),
        "second": Weighed(middle=0.2242, deviation=0.2795, linear=-1.996, square=0.5983),
        "figures": Weighed(middle=0.1456, deviation=0.3527, linear=0.2234, square=0.4488),
        "valleys": Weighed(middle=0.3877, deviation=0.719, linear=0.6863, square=-0.09755),
        "parts": Weighed(middle=1.441, deviation=0.6146, linear=-0.001098, square=-0.0784),
        "dot": Weighed(middle=4.985e-05, deviation=0.007062, linear=4.213e-08, square=1.707e-07),
        "high": Weighed(middle=-0.1884, deviation=0.3069, linear=-3.066, square=0.9512),
        "wide": Weighed(middle=0.7856, deviation=0.4311, linear=2.425, square=0.7745),
        "slim": Weighed(middle=0.9133, deviation=0.4868, linear=-2.545, square=0.5352),
        "one": Weighed(middle=0.1909, deviation=0.393, linear=0.1484, square=0.2333),
        "wide_one": Weighed(middle=0.0744, deviation=0.199, linear=0.02666, square=-0.0471),
        "off": Weighed(middle=0.08173, deviation=0.1586, linear=0.1479, square=0.3121),
        "inner": Weighed(middle=-0.07096, deviation=0.2947, linear=1.681, square=0.7479),
        "inner_edges": Weighed(middle=-0.1438, deviation=0.2668, linear=1.316, square=0.7958),
        "nearest": Weighed(middle=0.03676, deviation=0.1624, linear=-0.9215, square=0.03799),
        "furthest": Weighed(middle=0.275, deviation=0.2334, linear=0.5151, square=1.337),
        "nearest_edges": Weighed(middle=-0.09522, deviation=0.2217, linear=0.1605, square=0.3628),
        "slices": Weighed(middle=1.784, deviation=1.58, linear=1.029, square=-0.07101),
        "cuts": Weighed(middle=1.082, deviation=0.7449, linear=1.077, square=-0.6077),
        "crossed": Weighed(middle=0.0873, deviation=0.07552, linear=-0.06553, square=0.7508),
        "seams": Weighed(middle=1.393, deviation=1.404, linear=-0.6687, square=0.1448),
        "least_crossed": Weighed(middle=0.2436, deviation=0.2008, linear=0.9061, square=-0.1543),
    },
)
# And among its rivals.
AMONG: Final = VerdictRule(
    limit=0.04527,
    weights={
        "excess": Weighed(middle=2.742, deviation=6.549, linear=2.448, square=-0.2925),
        "score": Weighed(middle=0.8371, deviation=0.1966, linear=-1.913, square=-0.5792),
        "second": Weighed(middle=0.2242, deviation=0.2795, linear=-1.925, square=0.665),
        "figures": Weighed(middle=0.1456, deviation=0.3527, linear=0.189, square=0.3798),
        "valleys": Weighed(middle=0.3877, deviation=0.719, linear=0.2198, square=0.2206),
        "parts": Weighed(middle=1.441, deviation=0.6146, linear=-0.921, square=0.1604),
        "dot": Weighed(middle=4.985e-05, deviation=0.007062, linear=3.405e-10, square=8.142e-11),
        "high": Weighed(middle=-0.1884, deviation=0.3069, linear=-4.496, square=1.432),
        "wide": Weighed(middle=0.7856, deviation=0.4311, linear=2.639, square=0.984),
        "slim": Weighed(middle=0.9133, deviation=0.4868, linear=-3.772, square=1.133),
        "one": Weighed(middle=0.1909, deviation=0.393, linear=-0.06807, square=-0.1071),
        "wide_one": Weighed(middle=0.0744, deviation=0.199, linear=1.2, square=-0.1671),
        "off": Weighed(middle=0.08173, deviation=0.1586, linear=0.577, square=0.4627),
        "inner": Weighed(middle=-0.07096, deviation=0.2947, linear=2.324, square=1.365),
        "inner_edges": Weighed(middle=-0.1438, deviation=0.2668, linear=1.199, square=0.853),
        "nearest": Weighed(middle=0.03676, deviation=0.1624, linear=-0.8891, square=0.1288),
        "furthest": Weighed(middle=0.275, deviation=0.2334, linear=0.8459, square=1.602),
        "nearest_edges": Weighed(middle=-0.09522, deviation=0.2217, linear=0.0361, square=0.5689),
        "slices": Weighed(middle=1.784, deviation=1.58, linear=1.938, square=0.2521),
        "cuts": Weighed(middle=1.082, deviation=0.7449, linear=1.289, square=-1.102),
        "crossed": Weighed(middle=0.0873, deviation=0.07552, linear=-0.3064, square=1.076),
        "seams": Weighed(middle=1.393, deviation=1.404, linear=-1.493, square=0.02108),
        "least_crossed": Weighed(middle=0.2436, deviation=0.2008, linear=1.001, square=-0.9525),
        "alone": Weighed(middle=4.613, deviation=3.201, linear=-1.069, square=0.7297),
        "split": Weighed(middle=6.303, deviation=2.802, linear=0.2225, square=0.7885),
        "held": Weighed(middle=4.109, deviation=3.471, linear=-0.2659, square=-1.245),
        "before": Weighed(middle=2.261, deviation=2.983, linear=1.383, square=-0.8744),
        "after": Weighed(middle=2.146, deviation=2.939, linear=0.6675, square=-0.3527),
    },
)
AMONG_PLAIN: Final = VerdictRule(
    limit=0.4623,
    weights={
        "score": Weighed(middle=0.8371, deviation=0.1966, linear=-4.714, square=-1.414),
        "second": Weighed(middle=0.2242, deviation=0.2795, linear=-2.716, square=0.8029),
        "figures": Weighed(middle=0.1456, deviation=0.3527, linear=0.2714, square=0.5454),
        "valleys": Weighed(middle=0.3877, deviation=0.719, linear=0.6846, square=0.002638),
        "parts": Weighed(middle=1.441, deviation=0.6146, linear=0.04994, square=-0.1474),
        "dot": Weighed(middle=4.985e-05, deviation=0.007062, linear=3.413e-09, square=5.743e-10),
        "high": Weighed(middle=-0.1884, deviation=0.3069, linear=-4.54, square=1.3),
        "wide": Weighed(middle=0.7856, deviation=0.4311, linear=2.869, square=1.107),
        "slim": Weighed(middle=0.9133, deviation=0.4868, linear=-3.344, square=0.8825),
        "one": Weighed(middle=0.1909, deviation=0.393, linear=0.1281, square=0.2014),
        "wide_one": Weighed(middle=0.0744, deviation=0.199, linear=0.4182, square=-0.1232),
        "off": Weighed(middle=0.08173, deviation=0.1586, linear=0.2415, square=0.4453),
        "inner": Weighed(middle=-0.07096, deviation=0.2947, linear=2.352, square=1.054),
        "inner_edges": Weighed(middle=-0.1438, deviation=0.2668, linear=1.985, square=1.349),
        "nearest": Weighed(middle=0.03676, deviation=0.1624, linear=-1.089, square=0.1334),
        "furthest": Weighed(middle=0.275, deviation=0.2334, linear=0.8774, square=1.778),
        "nearest_edges": Weighed(middle=-0.09522, deviation=0.2217, linear=0.2336, square=0.5766),
        "slices": Weighed(middle=1.784, deviation=1.58, linear=1.366, square=0.08137),
        "cuts": Weighed(middle=1.082, deviation=0.7449, linear=1.358, square=-0.9322),
        "crossed": Weighed(middle=0.0873, deviation=0.07552, linear=-0.08804, square=1.023),
        "seams": Weighed(middle=1.393, deviation=1.404, linear=-1.084, square=0.2391),
        "least_crossed": Weighed(middle=0.2436, deviation=0.2008, linear=1.097, square=-0.4417),
        "alone": Weighed(middle=4.546, deviation=3.223, linear=-1.413, square=0.6474),
        "split": Weighed(middle=6.24, deviation=2.821, linear=-0.1874, square=0.4924),
        "held": Weighed(middle=4.067, deviation=3.511, linear=-0.345, square=-1.137),
        "before": Weighed(middle=2.193, deviation=2.973, linear=1.128, square=-0.7429),
        "after": Weighed(middle=2.115, deviation=2.921, linear=0.6863, square=-0.3752),
    },
)
