/* SPDX-License-Identifier: BSD-3-Clause */
/* Translation of a network file into the chain of layers that the fast engine runs (closures/net/net.h). */
#ifndef EDDY_ONNX_TO_NET_H
#define EDDY_ONNX_TO_NET_H
#include "net.h"
#include "onnx_model.h"

/** Translates a graph with one input and one output that is a chain of: per-channel Sub, Add, Mul, Div; BatchNormalization; MatMul or
    Gemm with constant weights; Conv with stride 1 (groups and dilation allowed) and circular padding, written out or as Pad;
    Tanh, Relu, LeakyRelu, Elu, Sigmoid, Softplus, Gelu (one node or with Erf), x Sigmoid(x), Identity; Transpose as long as it is
    undone. Axes (batch, channel, x, y) or (cells, channel). Not collective.
    net     new network, destroy with EddyNetDestroy; NULL when the graph is something else: then the interpreter runs it
    zero_mean  the graph ends with y - mean(y) over all space, per channel: the caller does that after the net, with a sum over ranks
    reason  the first node that is not part of such a chain, "" otherwise; size bytes
    Errors: EDDY_ERR_INPUT for weights that are not finite or too many channels. */
PetscErrorCode EddyOnnxToNet(EddyOnnxModel m, EddyNet **net, PetscBool *zero_mean, char reason[],
                             size_t size);
#endif
