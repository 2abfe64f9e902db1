/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums of products: MatMul, Gemm, Einsum. */
#include "ops.h"
#include <ctype.h>

/* NumPy's rules: a vector gets an axis of extent 1 that is dropped again; leading axes are broadcast. */
PetscErrorCode OxOpMatMul(OxExec *x)
{
  OxTensor a = *OxIn(x, 0), b = *OxIn(x, 1), *o;
  const PetscBool va = (PetscBool)(a.rank == 1), vb = (PetscBool)(b.rank == 1);
  int64_t dims[OX_RANK + 2];
  OxCast c;

  PetscFunctionBeginUser;
  OxCheck(a.rank > 0 && b.rank > 0, x, "a scalar is no matrix");
  OxCheck(a.type == b.type, x, "its inputs are %s and %s", EddyOnnxTypeName(a.type),
          EddyOnnxTypeName(b.type));
  if (va)
    a.rank = 2, a.dims[1] = a.dims[0], a.dims[0] = 1;
  if (vb)
    b.rank = 2, b.dims[1] = 1;
  const int64_t m = a.dims[a.rank - 2], kk = a.dims[a.rank - 1], n = b.dims[b.rank - 1];
  OxCheck(b.dims[b.rank - 2] == kk, x, "%lld columns against %lld rows", (long long)kk,
          (long long)b.dims[b.rank - 2]);
  a.rank -= 2, b.rank -= 2;
  const OxTensor *const op[] = {&a, &b};
  PetscCall(OxBroadcast(x, 2, op, &c));
  memcpy(dims, c.dims, sizeof(c.dims));
  int rank = c.rank;
  if (!va)
    dims[rank++] = m;
  if (!vb)
    dims[rank++] = n;
  PetscCall(OxOut(x, 0, a.type, rank, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxWork(x, (double)OxProduct(c.rank, c.dims) * (double)m * (double)n * (double)kk));
  int64_t index[OX_RANK] = {0}, at[3] = {0}, batch = OxProduct(c.rank, c.dims);
  for (int64_t q = 0; q < batch; ++q, OxNext(&c, index, at))
    for (int64_t i = 0; i < m; ++i)
      for (int64_t k = 0; k < kk; ++k)
        for (int64_t j = 0; j < n; ++j) {
          const int64_t p = (at[0] * m + i) * kk + k, r = (at[1] * kk + k) * n + j,
                        t = (q * m + i) * n + j;
          if (OxIsReal(a.type))
            o->d[t] += a.d[p] * b.d[r];
          else
            o->i[t] = (int64_t)((uint64_t)o->i[t] + (uint64_t)a.i[p] * (uint64_t)b.i[r]);
        }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Y = alpha A' B' + beta C */
PetscErrorCode OxOpGemm(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0), *b = OxIn(x, 1), *c = OxIn(x, 2);
  const PetscBool ta = (PetscBool)(OxInt(x, "transA", 0) != 0),
                  tb = (PetscBool)(OxInt(x, "transB", 0) != 0);
  const double alpha = OxReal(x, "alpha", 1), beta = OxReal(x, "beta", 1);
  OxTensor *o;
  OxCast cast;

  PetscFunctionBeginUser;
  OxCheck(a->rank == 2 && b->rank == 2, x, "its inputs have rank %d and %d, not 2", a->rank,
          b->rank);
  OxCheck(OxIsReal(a->type) && a->type == b->type && (!c || c->type == a->type), x,
          "is defined for floating-point inputs of one type");
  const int64_t dims[2] = {a->dims[ta], b->dims[!tb]}, kk = a->dims[!ta];
  OxCheck(b->dims[tb] == kk, x, "%lld columns against %lld rows", (long long)kk,
          (long long)b->dims[tb]);
  OxTensor shape = {.type = a->type, .rank = 2, .dims = {dims[0], dims[1]}};
  const OxTensor *const op[] = {&shape, c};
  PetscCall(OxBroadcast(x, c ? 2 : 1, op, &cast));
  OxCheck(cast.rank == 2 && cast.dims[0] == dims[0] && cast.dims[1] == dims[1], x,
          "its third input does not fit the product");
  PetscCall(OxOut(x, 0, a->type, 2, dims, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxWork(x, (double)o->n * (double)kk));
  int64_t index[OX_RANK] = {0}, at[3] = {0};
  for (int64_t t = 0; t < o->n; ++t, OxNext(&cast, index, at)) {
    const int64_t i = t / dims[1], j = t % dims[1];
    double sum = 0;
    for (int64_t k = 0; k < kk; ++k)
      sum += a->d[ta ? k * dims[0] + i : i * kk + k] * b->d[tb ? j * kk + k : k * dims[1] + j];
    o->d[t] = alpha * sum + (c ? beta * c->d[at[1]] : 0);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- Einsum: letters, blanks and one "..." per term ---- */

enum { LETTERS = 52 + OX_RANK, TERMS = 8 };
typedef struct {
  int nterm, label[TERMS + 1][OX_RANK], rank[TERMS + 1]; /* the last one is the result */
  int64_t extent[LETTERS];
} Sum;

static int Letter(char c) { return islower((unsigned char)c) ? c - 'a' : 26 + c - 'A'; }

/* Labels of one term; "..." takes `dots` labels from 52 on, aligned at the right. */
static PetscErrorCode Term(OxExec *x, const char **p, int dots, int label[], int *rank)
{
  PetscBool ellipsis = PETSC_FALSE;

  PetscFunctionBeginUser;
  *rank = 0;
  for (; **p && **p != ',' && strncmp(*p, "->", 2); ++*p) {
    if (**p == ' ')
      continue;
    if (!strncmp(*p, "...", 3)) {
      OxCheck(!ellipsis && *rank + dots <= OX_RANK, x,
              "equation with too many axes or two '...' in a term");
      for (int k = 0; k < dots; ++k)
        label[(*rank)++] = 52 + OX_RANK - dots + k;
      ellipsis = PETSC_TRUE;
      *p += 2;
      continue;
    }
    OxCheck(isalpha((unsigned char)**p), x, "'%c' in its equation",
            isprint((unsigned char)**p) ? **p : '?');
    OxCheck(*rank < OX_RANK, x, "equation with more than %d axes in a term", (int)OX_RANK);
    label[(*rank)++] = Letter(**p);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int TermLetters(const char *p, PetscBool *dots)
{
  int n = 0;
  *dots = PETSC_FALSE;
  for (; *p && *p != ',' && strncmp(p, "->", 2); ++p) {
    n += isalpha((unsigned char)*p) != 0;
    if (*p == '.')
      *dots = PETSC_TRUE;
  }
  return n;
}

static PetscErrorCode Parse(OxExec *x, Sum *s)
{
  const char *p = OxString(x, "equation", ""), *q;
  int count[LETTERS] = {0}, most = 0;
  PetscBool dots;

  PetscFunctionBeginUser;
  memset(s, 0, sizeof(*s));
  for (int k = 0; k < LETTERS; ++k)
    s->extent[k] = 1;
  s->nterm = x->node->nin;
  for (int k = 0; k < s->nterm; ++k) {
    const OxTensor *a = OxIn(x, k);
    OxCheck(a && OxIsReal(a->type), x, "is handled for floating-point inputs");
    const int letters = TermLetters(p, &dots), extra = a->rank - letters;
    OxCheck(extra >= 0 && (dots || extra == 0), x,
            "term %d of its equation has %d axes, its input %d", k, letters, a->rank);
    most = PetscMax(most, dots ? extra : 0);
    PetscCall(Term(x, &p, dots ? extra : 0, s->label[k], &s->rank[k]));
    OxCheck(s->rank[k] == a->rank, x, "term %d of its equation does not fit its input", k);
    OxCheck(*p == (k + 1 < s->nterm ? ',' : *p) && *p != (k + 1 < s->nterm ? 0 : ','), x,
            "its equation has not %d terms", s->nterm);
    p += *p == ',';
    for (int d = 0; d < a->rank; ++d) {
      const int l = s->label[k][d];
      ++count[l];
      OxCheck(s->extent[l] == 1 || a->dims[d] == 1 || s->extent[l] == a->dims[d], x,
              "extents %lld and %lld of one index", (long long)s->extent[l], (long long)a->dims[d]);
      if (a->dims[d] != 1)
        s->extent[l] = a->dims[d];
    }
  }
  if (!strncmp(p, "->", 2)) {
    q = p + 2;
    PetscCall(Term(x, &q, most, s->label[s->nterm], &s->rank[s->nterm]));
    OxCheck(!*q, x, "its equation goes on after the result");
    for (int d = 0; d < s->rank[s->nterm]; ++d)
      OxCheck(count[s->label[s->nterm][d]] > 0, x, "an index of the result is in no term");
  } else { /* the dots, then the letters that come once, in order of the alphabet (capitals first) */
    int *r = &s->rank[s->nterm], *label = s->label[s->nterm];
    for (int k = 0; k < most; ++k)
      label[(*r)++] = 52 + OX_RANK - most + k;
    for (int pass = 0; pass < 52; ++pass) {
      const int l = (pass + 26) % 52;
      if (count[l] == 1) {
        OxCheck(*r < OX_RANK, x, "its result has more than %d axes", (int)OX_RANK);
        label[(*r)++] = l;
      }
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Strides of an operand, by label. */
static void LabelStrides(const OxTensor *t, const int label[], int64_t by[])
{
  int64_t s[OX_RANK];
  OxStrides(t->rank, t->dims, s);
  memset(by, 0, LETTERS * sizeof(*by));
  for (int d = 0; d < t->rank; ++d)
    by[label[d]] += t->dims[d] == 1 ? 0 : s[d];
}

PetscErrorCode OxOpEinsum(OxExec *x)
{
  Sum s;
  int64_t dims[OX_RANK] = {0}, (*by)[LETTERS], index[LETTERS] = {0}, at[TERMS + 1] = {0}, total = 1;
  OxTensor *o;

  PetscFunctionBeginUser;
  PetscCall(Parse(x, &s));
  for (int d = 0; d < s.rank[s.nterm]; ++d) {
    dims[d] = s.extent[s.label[s.nterm][d]];
    for (int e = 0; e < d; ++e)
      OxCheck(s.label[s.nterm][d] != s.label[s.nterm][e], x, "an index comes twice in the result");
  }
  PetscCall(OxOut(x, 0, OxIn(x, 0)->type, s.rank[s.nterm], dims, &o));
  for (int l = 0; l < LETTERS; ++l)
    OxCheck(!__builtin_mul_overflow(total, s.extent[l], &total), x, "too many products");
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(OxWork(x, (double)total));
  PetscCall(OxScratch(x, TERMS + 1, sizeof(*by), &by));
  for (int k = 0; k < s.nterm; ++k)
    LabelStrides(OxIn(x, k), s.label[k], by[k]);
  LabelStrides(o, s.label[s.nterm], by[s.nterm]);
  for (int64_t q = 0; q < total; ++q) {
    double v = 1;
    for (int k = 0; k < s.nterm; ++k)
      v *= OxIn(x, k)->d[at[k]];
    o->d[at[s.nterm]] += v;
    for (int l = LETTERS - 1; l >= 0; --l) {
      for (int k = 0; k <= s.nterm; ++k)
        at[k] += by[k][l];
      if (++index[l] < s.extent[l])
        break;
      for (int k = 0; k <= s.nterm; ++k)
        at[k] -= by[k][l] * s.extent[l];
      index[l] = 0;
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
