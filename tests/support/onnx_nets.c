/* SPDX-License-Identifier: BSD-3-Clause */
#include "onnx_nets.h"
#include <math.h>
#include <stdlib.h>

#define F EDDY_ONNX_FLOAT
static void Weight(Onnx__ModelProto *b, const char *name, const char *shape, int n, double scale)
{
  double *w = malloc(sizeof *w * (size_t)n);
  for (int k = 0; k < n; ++k)
    w[k] = scale * sin(1.7 * k + .3 * n + name[0]);
  onnx_weight(b, name, F, shape, w);
  free(w);
}
/* Convolution with circular padding, k x k; `name` begins all of its values, result `out`. */
void onnx_conv(Onnx__ModelProto *b, const char *in, const char *out, int nin, int nout, int k)
{
  char x[64], y[64], w[64], shape[64], wires[256];
  snprintf(x, sizeof x, "%s_px", out), snprintf(y, sizeof y, "%s_py", out),
      snprintf(w, sizeof w, "%s_w", out);
  if (k > 1) {
    onnx_circular(b, in, x, 2, k / 2, PETSC_FALSE);
    onnx_circular(b, x, y, 3, k / 2, PETSC_FALSE);
  } else
    snprintf(y, sizeof y, "%s", in);
  snprintf(shape, sizeof shape, "%d,%d,%d,%d", nout, nin, k, k);
  Weight(b, w, shape, nout * nin * k * k, 1.2 / sqrt(nin * k * k));
  snprintf(wires, sizeof wires, "%s %s", y, w);
  onnx_node(b, "Conv", wires, out);
}
Onnx__ModelProto *onnx_start(int opset, int nin)
{
  char shape[64];
  Onnx__ModelProto *b = onnx_build(opset);
  snprintf(shape, sizeof shape, "N,%d,H,W", nin);
  onnx_input(b, "x", F, shape);
  onnx_output(b, "y", F, "N,1,H,W");
  return b;
}
/* GroupNorm as exporters write it: groups flattened, instance normalisation, back, scale and shift. */
void onnx_group_norm(Onnx__ModelProto *b, const char *in, const char *out, int groups, int channels)
{
  char wires[512], name[64], shape[64];
  double one[16], zero[16] = {0};
  for (int k = 0; k < 16; ++k)
    one[k] = 1;
  snprintf(name, sizeof name, "%s_to", out);
  onnx_weight(b, name, EDDY_ONNX_INT64, "3", (const double[]){0, groups, -1});
  snprintf(wires, sizeof wires, "%s %s_to", in, out);
  snprintf(name, sizeof name, "%s_flat", out);
  onnx_node(b, "Reshape", wires, name);
  snprintf(shape, sizeof shape, "%d", groups);
  snprintf(name, sizeof name, "%s_one", out);
  onnx_weight(b, name, F, shape, one);
  snprintf(name, sizeof name, "%s_zero", out);
  onnx_weight(b, name, F, shape, zero);
  snprintf(wires, sizeof wires, "%s_flat %s_one %s_zero", out, out, out);
  snprintf(name, sizeof name, "%s_norm", out);
  onnx_node(b, "InstanceNormalization", wires, name);
  snprintf(name, sizeof name, "%s_shape", out);
  onnx_node(b, "Shape", in, name);
  snprintf(wires, sizeof wires, "%s_norm %s_shape", out, out);
  snprintf(name, sizeof name, "%s_back", out);
  onnx_node(b, "Reshape", wires, name);
  snprintf(shape, sizeof shape, "%d,1,1", channels);
  snprintf(name, sizeof name, "%s_s", out);
  Weight(b, name, shape, channels, .9);
  snprintf(name, sizeof name, "%s_b", out);
  Weight(b, name, shape, channels, .2);
  snprintf(wires, sizeof wires, "%s_back %s_s", out, out);
  snprintf(name, sizeof name, "%s_scaled", out);
  onnx_node(b, "Mul", wires, name);
  snprintf(wires, sizeof wires, "%s_scaled %s_b", out, out);
  onnx_node(b, "Add", wires, out);
}

/* Four 5 x 5 convolutions, eight cells deep, and a skip connection around two of them. */
Onnx__ModelProto *onnx_deep(void)
{
  Onnx__ModelProto *b = onnx_start(17, 2);
  onnx_conv(b, "x", "a", 2, 6, 5);
  onnx_node(b, "Tanh", "a", "ta");
  onnx_conv(b, "ta", "c", 6, 6, 5);
  onnx_node(b, "Relu", "c", "rc");
  onnx_conv(b, "rc", "d", 6, 6, 5);
  onnx_node(b, "Add", "d ta", "skip");
  onnx_node(b, "Tanh", "skip", "ts");
  onnx_conv(b, "ts", "y", 6, 1, 5);
  return b;
}
/* Residual blocks with GroupNorm and a last step that takes the mean away. */
Onnx__ModelProto *onnx_normal(void)
{
  Onnx__ModelProto *b = onnx_start(17, 3);
  onnx_conv(b, "x", "a", 3, 8, 3);
  onnx_group_norm(b, "a", "ga", 2, 8);
  onnx_node(b, "Sigmoid", "ga", "sa");
  onnx_node(b, "Mul", "ga sa", "ra");
  onnx_conv(b, "ra", "c", 8, 8, 3);
  onnx_group_norm(b, "c", "gc", 4, 8);
  onnx_node(b, "Add", "gc ra", "skip");
  onnx_int(onnx_node(b, "Concat", "skip x", "wide"), "axis", 1);
  onnx_conv(b, "wide", "d", 11, 1, 3);
  onnx_ints(onnx_node(b, "ReduceMean", "d", "m"), "axes", "2 3");
  onnx_node(b, "Sub", "d m", "y");
  return b;
}
/* Two coarser grids: MaxPool down and nearest up, strided convolution down and ConvTranspose up, bilinear on the way. */
Onnx__ModelProto *onnx_unet(void)
{
  Onnx__ModelProto *b = onnx_start(18, 2);
  Onnx__NodeProto *n;
  onnx_conv(b, "x", "a", 2, 4, 3);
  onnx_node(b, "Relu", "a", "ra");
  n = onnx_node(b, "MaxPool", "ra", "p");
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2");
  onnx_conv(b, "p", "c", 4, 6, 3);
  onnx_node(b, "Tanh", "c", "tc");
  Weight(b, "down", "8,6,2,2", 192, .3);
  n = onnx_node(b, "Conv", "tc down", "q");
  onnx_ints(n, "strides", "2 2");
  onnx_group_norm(b, "q", "gq", 4, 8);
  onnx_conv(b, "gq", "e", 8, 8, 3);
  Weight(b, "up", "8,6,2,2", 192, .3);
  n = onnx_node(b, "ConvTranspose", "e up", "u");
  onnx_ints(n, "strides", "2 2");
  onnx_int(onnx_node(b, "Concat", "u tc", "uc"), "axis", 1);
  onnx_conv(b, "uc", "f", 12, 4, 3);
  onnx_weight(b, "scales", F, "4", (const double[]){1, 1, 2, 2});
  n = onnx_node(b, "Resize", "f - scales", "g");
  onnx_string(n, "mode", "nearest"), onnx_string(n, "nearest_mode", "floor"),
      onnx_string(n, "coordinate_transformation_mode", "asymmetric");
  n = onnx_node(b, "Resize", "f - scales", "h");
  onnx_string(n, "mode", "linear");
  n = onnx_node(b, "AveragePool", "ra", "r");
  onnx_ints(n, "kernel_shape", "2 2"), onnx_ints(n, "strides", "2 2");
  n = onnx_node(b, "Resize", "r - scales", "s");
  onnx_string(n, "mode", "nearest");
  onnx_int(onnx_node(b, "Concat", "g h s ra", "all"), "axis", 1);
  onnx_conv(b, "all", "y", 16, 1, 3);
  return b;
}
/* Faces of other kinds, rolls, extremes over space, normalisation over channels and space together, groups and dilation. */
Onnx__ModelProto *onnx_rest(void)
{
  Onnx__ModelProto *b = onnx_start(18, 4);
  Onnx__NodeProto *n;
  Weight(b, "wz", "4,4,3,3", 144, .3);
  n = onnx_node(b, "Conv", "x wz", "z");
  onnx_ints(n, "pads", "1 1 1 1");
  onnx_weight(b, "pads", EDDY_ONNX_INT64, "8", (const double[]){0, 0, 2, 1, 0, 0, 2, 1});
  onnx_string(onnx_node(b, "Pad", "z pads", "pz"), "mode", "reflect");
  Weight(b, "wd", "4,2,3,3", 72, .4);
  n = onnx_node(b, "Conv", "pz wd", "d");
  onnx_ints(n, "dilations", "2 1"), onnx_int(n, "group", 2);
  onnx_weight(b, "s1", EDDY_ONNX_INT64, "1", (const double[]){2});
  onnx_weight(b, "e1", EDDY_ONNX_INT64, "1", (const double[]){1 << 30});
  onnx_weight(b, "s0", EDDY_ONNX_INT64, "1", (const double[]){0});
  onnx_weight(b, "ay", EDDY_ONNX_INT64, "1", (const double[]){3});
  onnx_node(b, "Slice", "d s1 e1 ay", "late");
  onnx_node(b, "Slice", "d s0 s1 ay", "early");
  onnx_int(onnx_node(b, "Concat", "late early", "roll"), "axis", 3);
  onnx_node(b, "Sub", "d roll", "diff");
  onnx_weight(b, "space", EDDY_ONNX_INT64, "2", (const double[]){2, 3});
  onnx_node(b, "ReduceMax", "diff space", "most");
  onnx_node(b, "ReduceMin", "diff space", "least");
  onnx_node(b, "Sub", "most least", "span");
  onnx_node(b, "Div", "diff span", "unit");
  Weight(b, "sl", "4,1,1", 4, 1);
  onnx_int(onnx_node(b, "LayerNormalization", "unit sl", "layer"), "axis", 1);
  n = onnx_node(b, "MaxPool", "layer", "mp");
  onnx_ints(n, "kernel_shape", "3 3"), onnx_ints(n, "pads", "1 1 1 1");
  onnx_node(b, "GlobalAveragePool", "mp", "gap");
  onnx_node(b, "Mul", "mp gap", "gated");
  onnx_ints(onnx_node(b, "Transpose", "gated", "last"), "perm", "0 2 3 1");
  Weight(b, "wm", "4,1", 4, 1);
  onnx_node(b, "MatMul", "last wm", "lm");
  onnx_ints(onnx_node(b, "Transpose", "lm", "y"), "perm", "0 3 1 2");
  return b;
}
