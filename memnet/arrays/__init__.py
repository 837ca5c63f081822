"""Arrays that compute: crossbars as circuits that hold weights, multiply, learn and decide.

`mn.crossbar` makes the network; here is what turns numbers into its cells and drives, and its currents into numbers.
"""

from memnet.base import rooms

rooms.offer(globals())
