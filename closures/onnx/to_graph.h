/* SPDX-License-Identifier: BSD-3-Clause */
/* Translation of a network file into the steps that the graph engine runs (closures/net/graph.h). */
#ifndef EDDY_ONNX_TO_GRAPH_H
#define EDDY_ONNX_TO_GRAPH_H
#include "graph.h"
#include "onnx_model.h"

/** Translates a graph with one input and one output whose nodes are, in any order and with any branches: arithmetic, comparisons,
    activations; MatMul and Gemm with constant weights, Conv, ConvTranspose without groups, BatchNormalization; Slice, Split, Gather,
    Concat, Reshape, Transpose, Squeeze, Unsqueeze, Flatten, Expand of channels; circular padding in any form, rolls, Pad; MaxPool,
    AveragePool, Resize by whole factors (nearest, linear); sums, means and extremes over channels or over all space,
    Instance-, Group- and LayerNormalization; Softmax over channels. Axes (batch, channel, x, y) or (cells, channel). Not collective.
    graph   new graph, destroy with EddyGraphDestroy; NULL when a node is something else: then the interpreter runs the whole
    reason  the first node that cannot be taken, "" otherwise; size bytes
    Errors: EDDY_ERR_INPUT for weights that are not finite or too many channels. */
PetscErrorCode EddyOnnxToGraph(EddyOnnxModel m, EddyGraph **graph, char reason[], size_t size);
#endif
