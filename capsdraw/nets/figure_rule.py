"""The odds that a figure is a digit of a number; written by `training.experiments.number_rule`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# A number is believed where it is likelier than one digit by so much, in logarithms; where so large a share of its
# digits are some that the net knows; and where its figures cost no more than that, on average.
MARGIN: Final = 0.5
FEWEST_NAMED: Final = 0.6
MOST_COST: Final = 2.0

# By cards that say when to doubt, and by others.
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
