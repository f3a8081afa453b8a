"""A cluster for tests: two machines that are processes here, on the loopback interface, each with its own folder.

Its head has no processor to give, so what trains are the machines. Started as a program of its own, which tells in a
line where the cluster is and the processes of its machines, and ends it when its standard input ends.
"""

import json
import os
import sys
from pathlib import Path

STORE = 100 << 20


def main(folder: Path, machines: int) -> None:
    from ray.cluster_utils import Cluster

    quiet = {"include_dashboard": False, "include_log_monitor": False, "object_store_memory": STORE}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **quiet})
    try:
        homes = [folder / f"machine-{number}" for number in range(machines)]
        nodes = [cluster.add_node(num_cpus=1, env_vars={"CAPSDRAW_HOME": str(home)}, **quiet) for home in homes]
        pids = [node.all_processes["raylet"][0].process.pid for node in nodes]
        print(json.dumps({"address": cluster.address, "machines": pids, "homes": [str(home) for home in homes]}))
        sys.stdout.flush()
        while os.read(0, 1 << 10):
            pass
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
