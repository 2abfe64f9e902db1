/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks that branch, as exporters write them, for tests; input x [N,C,H,W], output y [N,1,H,W]. */
#ifndef EDDY_TEST_ONNX_NETS_H
#define EDDY_TEST_ONNX_NETS_H
#include "onnx_build.h"

/* Empty but for input and output. */
Onnx__ModelProto *onnx_start(int opset, int nin);
/* Convolution k x k with circular padding; `out` begins the names of all of its values. */
void onnx_conv(Onnx__ModelProto *b, const char *in, const char *out, int nin, int nout, int k);
void onnx_group_norm(Onnx__ModelProto *b, const char *in, const char *out, int groups,
                     int channels);
Onnx__ModelProto *
onnx_deep(void); /* four 5 x 5 convolutions with a skip connection, eight cells deep */
Onnx__ModelProto *onnx_normal(void); /* residual block with GroupNorm, mean taken away at the end */
Onnx__ModelProto *
onnx_unet(void); /* pools and strides down, nearest, linear and ConvTranspose up; multiples of 4 */
Onnx__ModelProto *
onnx_rest(void); /* other faces, rolls, extremes, LayerNormalization over space, groups, dilation */
#endif
