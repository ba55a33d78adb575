# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy processors are and how full memory is, by psutil's measure.

psutil-figures.py BEFORE AFTER: two folders that look like /proc. Prints the use of the processors
between their “stat” and of the memory in the latter's “meminfo”, in %, and who has worked it out:
psutil itself, or, where it is not installed, the formula that its documentation gives.
"""

import sys
from fractions import Fraction

FIELDS = ('user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'guest',
          'guest_nice')


def by_psutil(psutil, before, after):
    psutil.PROCFS_PATH = before
    psutil.cpu_percent()
    psutil.PROCFS_PATH = after
    return psutil.cpu_percent(), psutil.virtual_memory().percent


def read_times(folder):
    with open(folder + '/stat', encoding='ascii') as stat:
        return dict(zip(FIELDS, map(int, stat.readline().split()[1:])))


def read_memory(folder):
    with open(folder + '/meminfo', encoding='ascii') as meminfo:
        return {line.split(':')[0]: int(line.split()[1]) for line in meminfo}


def by_formula(before, after):
    first, second = read_times(before), read_times(after)
    # A counter never goes back, and what guests used is in what their host did.
    spent = {name: max(0, second[name] - first[name]) for name in first}
    total = sum(spent.values()) - spent['guest'] - spent['guest_nice']
    busy = total - spent['idle'] - spent['iowait']
    memory = read_memory(after)
    used = memory['MemTotal'] - memory['MemAvailable']
    return (float(round(Fraction(100 * busy, total), 1)),
            float(round(Fraction(100 * used, memory['MemTotal']), 1)))


def main():
    try:
        import psutil
        who = 'psutil ' + psutil.__version__
        processors, memory = by_psutil(psutil, *sys.argv[1:])
    except ImportError:
        who = 'formula'
        processors, memory = by_formula(*sys.argv[1:])
    print(processors, memory, who)


main()
