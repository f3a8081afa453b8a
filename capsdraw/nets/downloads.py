"""The data sets known by name live in `datasets.known` since they need no Keras; the old name of the function."""

from capsdraw.datasets.known import data_set as data_set
