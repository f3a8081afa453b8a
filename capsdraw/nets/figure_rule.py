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
    limit=-0.2267,
    weights={
        "excess": Weighed(middle=2.949, deviation=6.585, linear=1.792, square=-0.2435),
        "score": Weighed(middle=0.8332, deviation=0.1982, linear=-1.411, square=-0.4338),
        "second": Weighed(middle=0.2288, deviation=0.2816, linear=-1.452, square=0.5049),
        "figures": Weighed(middle=0.1465, deviation=0.3536, linear=0.1815, square=0.363),
        "valleys": Weighed(middle=0.4086, deviation=0.7321, linear=0.248, square=0.08352),
        "parts": Weighed(middle=1.432, deviation=0.6108, linear=-0.7521, square=0.1574),
        "dot": Weighed(middle=4.837e-05, deviation=0.006956, linear=1.196e-08, square=5.406e-08),
        "high": Weighed(middle=-0.1809, deviation=0.3078, linear=-2.636, square=1.035),
        "wide": Weighed(middle=0.8579, deviation=0.7226, linear=2.871, square=2.416),
        "slim": Weighed(middle=0.9766, deviation=0.7268, linear=-2.643, square=1.471),
        "one": Weighed(middle=0.1856, deviation=0.3888, linear=0.00684, square=0.01106),
        "wide_one": Weighed(middle=0.07288, deviation=0.2007, linear=0.6862, square=-0.09566),
        "off": Weighed(middle=0.0807, deviation=0.1568, linear=0.4387, square=0.2957),
        "inner": Weighed(middle=-0.05996, deviation=0.2989, linear=1.549, square=0.8962),
        "inner_edges": Weighed(middle=-0.1339, deviation=0.2705, linear=0.8697, square=0.5911),
        "nearest": Weighed(middle=0.05064, deviation=0.1783, linear=-0.7849, square=0.04735),
        "furthest": Weighed(middle=0.2817, deviation=0.233, linear=0.5615, square=1.292),
        "nearest_edges": Weighed(middle=-0.0774, deviation=0.2407, linear=0.008623, square=0.3766),
        "slices": Weighed(middle=1.969, deviation=2.048, linear=1.945, square=-0.2674),
        "cuts": Weighed(middle=1.05, deviation=0.7563, linear=1.18, square=-0.7806),
        "crossed": Weighed(middle=0.08471, deviation=0.07584, linear=-0.3828, square=0.8994),
        "seams": Weighed(middle=1.509, deviation=1.735, linear=-1.275, square=0.1283),
        "least_crossed": Weighed(middle=0.2415, deviation=0.2006, linear=0.7892, square=-0.4897),
    },
)
PLAIN: Final = VerdictRule(
    limit=-0.254,
    weights={
        "score": Weighed(middle=0.8332, deviation=0.1982, linear=-3.349, square=-1.023),
        "second": Weighed(middle=0.2288, deviation=0.2816, linear=-2.007, square=0.6083),
        "figures": Weighed(middle=0.1465, deviation=0.3536, linear=0.2289, square=0.4577),
        "valleys": Weighed(middle=0.4086, deviation=0.7321, linear=0.5815, square=-0.04929),
        "parts": Weighed(middle=1.432, deviation=0.6108, linear=0.002861, square=-0.07297),
        "dot": Weighed(middle=4.837e-05, deviation=0.006956, linear=4.948e-08, square=2.047e-07),
        "high": Weighed(middle=-0.1809, deviation=0.3078, linear=-2.664, square=0.9615),
        "wide": Weighed(middle=0.8579, deviation=0.7226, linear=3.262, square=2.421),
        "slim": Weighed(middle=0.9766, deviation=0.7268, linear=-2.379, square=1.026),
        "one": Weighed(middle=0.1856, deviation=0.3888, linear=0.1445, square=0.2338),
        "wide_one": Weighed(middle=0.07288, deviation=0.2007, linear=0.02662, square=-0.05255),
        "off": Weighed(middle=0.0807, deviation=0.1568, linear=0.1377, square=0.2816),
        "inner": Weighed(middle=-0.05996, deviation=0.2989, linear=1.603, square=0.7126),
        "inner_edges": Weighed(middle=-0.1339, deviation=0.2705, linear=1.419, square=0.9004),
        "nearest": Weighed(middle=0.05064, deviation=0.1783, linear=-0.9936, square=0.04899),
        "furthest": Weighed(middle=0.2817, deviation=0.233, linear=0.5891, square=1.319),
        "nearest_edges": Weighed(middle=-0.0774, deviation=0.2407, linear=0.2268, square=0.413),
        "slices": Weighed(middle=1.969, deviation=2.048, linear=1.368, square=-0.4424),
        "cuts": Weighed(middle=1.05, deviation=0.7563, linear=1.15, square=-0.6283),
        "crossed": Weighed(middle=0.08471, deviation=0.07584, linear=-0.1246, square=0.7569),
        "seams": Weighed(middle=1.509, deviation=1.735, linear=-0.7725, square=0.3031),
        "least_crossed": Weighed(middle=0.2415, deviation=0.2006, linear=0.9132, square=-0.1501),
    },
)
