"""Times one graph library on closures: EDGES SOURCES LIBRARY NODES SECONDS -> [mean ms, [size of each closure]]."""

import json
import sys
import time
from array import array


def numbers(path):
    found = array("I")
    with open(path, "rb") as file:
        found.frombytes(file.read())
    return found


def scipy(edges, nodes):
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order

    pairs = numpy.frombuffer(edges, dtype=numpy.uint32).reshape(-1, 2)
    ones = numpy.ones(len(pairs), dtype=numpy.int8)
    graph = csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    return lambda node: len(breadth_first_order(graph, node, directed=True, return_predecessors=False)) - 1


def igraph(edges, nodes):
    import igraph as library

    graph = library.Graph(nodes, list(zip(edges[::2], edges[1::2])), directed=True)
    return lambda node: len(graph.subcomponent(node, mode="out")) - 1


def rustworkx(edges, nodes):
    import rustworkx as library

    graph = library.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from_no_data(list(zip(edges[::2], edges[1::2])))
    return lambda node: len(library.descendants(graph, node))


def networkx(edges, nodes):
    import networkx as library

    graph = library.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(edges[::2], edges[1::2]))
    return lambda node: len(library.descendants(graph, node))


def main():
    edges, sources, library, nodes, seconds = sys.argv[1:]
    closure = {"scipy": scipy, "igraph": igraph, "rustworkx": rustworkx, "networkx": networkx}[library]
    closure = closure(numbers(edges), int(nodes))
    sizes, begun = [], time.perf_counter()
    for source in numbers(sources):
        sizes.append(closure(source))
        if time.perf_counter() - begun > float(seconds):
            break
    print(json.dumps([(time.perf_counter() - begun) / len(sizes) * 1e3, sizes]))


main()
