/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* The ONNX conformance suite (package libonnx-testdata): every test of tests/reference/onnx_t1_tests.txt in its own types and, where
   it has floating-point tensors, again with everything promoted to double; then those of onnx_t1_other_types.txt. Tolerances
   are the suite's own: 1e-3 relative, 1e-7 absolute. Prints the table by operator. */
#include "onnx_model.h"
#include "support.h"
#include <math.h>
#include <unistd.h>

enum { MAX_TESTS = 512, MAX_PORTS = 16, MAX_OPS = 128 };
typedef struct {
  char line[MAX_TESTS][96];
  int n;
} List;
typedef struct {
  char op[MAX_OPS][32];
  int n, tests[MAX_OPS], own[MAX_OPS], promoted[MAX_OPS];
} Table;

static List Read(const char *file)
{
  static List l; /* test program only; copied by the caller */
  char path[512];
  l.n = 0;
  snprintf(path, sizeof path, "%s/%s", EDDY_TEST_REFERENCE, file);
  FILE *f = fopen(path, "r");
  ck_assert_msg(f != NULL, "%s is missing", path);
  while (l.n < MAX_TESTS && fgets(l.line[l.n], sizeof l.line[0], f)) {
    char *s = l.line[l.n];
    const size_t length = strlen(s);
    if (*s == '#') {
      for (int c = s[length - 1]; c != '\n' && c != EOF;)
        c = fgetc(f); /* the rest of a long comment */
      continue;
    }
    s[strcspn(s, "\n")] = 0;
    l.n += *s != 0;
  }
  fclose(f);
  return l;
}

static const char *Data(void)
{
  ck_assert_msg(*EDDY_ONNX_TESTDATA &&
                    !access(EDDY_ONNX_TESTDATA "/node/test_abs/model.onnx", R_OK),
                "the conformance suite is not installed: package libonnx-testdata (ci/setup.sh "
                "installs it; then configure again)");
  return EDDY_ONNX_TESTDATA;
}

static PetscBool IsReal(EddyOnnxType t)
{
  return (PetscBool)(t == EDDY_ONNX_FLOAT || t == EDDY_ONNX_DOUBLE || t == EDDY_ONNX_FLOAT16 ||
                     t == EDDY_ONNX_BFLOAT16);
}

static EddyTensor Promote(const EddyTensor *t)
{
  EddyTensor p;
  CK_PETSC(EddyTensorCreate(IsReal(t->type) ? EDDY_ONNX_DOUBLE : t->type, t->rank, t->dims, &p));
  if (!IsReal(t->type))
    memcpy(p.data, t->data, (size_t)EddyTensorCount(t) * EddyOnnxTypeSize(t->type));
  else
    for (int64_t k = 0; k < EddyTensorCount(t); ++k)
      EddyTensorSet(&p, k, EddyTensorGet(t, k));
  return p;
}

/* First difference as text, "" when equal. */
static void Compare(const EddyTensor *got, const EddyTensor *want, PetscBool f64, char *why,
                    size_t size)
{
  const EddyOnnxType type = f64 && IsReal(want->type) ? EDDY_ONNX_DOUBLE : want->type;
  why[0] = 0;
  if (got->type != type || got->rank != want->rank ||
      EddyTensorCount(got) != EddyTensorCount(want)) {
    snprintf(why, size, "type %s, rank %d, %lld elements; expected %s, %d, %lld",
             EddyOnnxTypeName(got->type), got->rank, (long long)EddyTensorCount(got),
             EddyOnnxTypeName(type), want->rank, (long long)EddyTensorCount(want));
    return;
  }
  for (int d = 0; d < got->rank; ++d)
    if (got->dims[d] != want->dims[d])
      snprintf(why, size, "extent %d is %lld, not %lld", d, (long long)got->dims[d],
               (long long)want->dims[d]);
  for (int64_t k = 0; k < EddyTensorCount(want) && !*why; ++k) {
    const double a = EddyTensorGet(got, k), b = EddyTensorGet(want, k);
    if (!(a == b || (isnan(a) && isnan(b)) ||
          (IsReal(type) && fabs(a - b) <= 1e-7 + 1e-3 * fabs(b))))
      snprintf(why, size, "element %lld is %.9g, not %.9g", (long long)k, a, b);
  }
}

static int LoadAll(const char *folder, const char *what, EddyTensor t[])
{
  char path[1024];
  for (int n = 0; n < MAX_PORTS; ++n) {
    snprintf(path, sizeof path, "%.900s/test_data_set_0/%s_%d.pb", folder, what, n);
    if (access(path, R_OK))
      return n;
    CK_PETSC(EddyTensorLoad(path, &t[n]));
  }
  return MAX_PORTS;
}

static PetscBool Evaluate(EddyOnnxModel m, const char *name, PetscBool f64, int nin,
                          const EddyTensor in[], int nout, const EddyTensor want[])
{
  EddyTensor out[MAX_PORTS], given[MAX_PORTS];
  PetscBool ok = PETSC_TRUE;
  char why[256];
  for (int k = 0; k < nin; ++k)
    given[k] = f64 ? Promote(&in[k]) : in[k];
  if (EddyOnnxRun(m, f64, nin, given, nout, out)) {
    printf("%s%s: does not run\n", name, f64 ? " (f64)" : "");
    ok = PETSC_FALSE;
  }
  for (int k = 0; ok && k < nout; ++k) {
    Compare(&out[k], &want[k], f64, why, sizeof why);
    if (*why)
      printf("%s%s: output %d: %s\n", name, f64 ? " (f64)" : "", k, why), ok = PETSC_FALSE;
  }
  for (int k = 0; k < nout; ++k)
    CK_PETSC(EddyTensorDestroy(&out[k]));
  for (int k = 0; f64 && k < nin; ++k)
    CK_PETSC(EddyTensorDestroy(&given[k]));
  return ok;
}

static void Count(Table *t, EddyOnnxModel m, PetscBool own, PetscBool promoted)
{
  EddyOnnxNodeInfo node;
  PetscBool seen[MAX_OPS] = {PETSC_FALSE};
  for (int k = 0; k < EddyOnnxNodeCount(m); ++k) {
    int i = 0;
    CK_PETSC(EddyOnnxGetNode(m, k, &node));
    while (i < t->n && strcmp(t->op[i], node.op))
      ++i;
    ck_assert_int_lt(i, MAX_OPS);
    if (i == t->n)
      snprintf(t->op[t->n++], sizeof t->op[0], "%s", node.op);
    if (!seen[i])
      ++t->tests[i], t->own[i] += own, t->promoted[i] += promoted;
    seen[i] = PETSC_TRUE;
  }
}

/* The suite stores bfloat16 as uint16. */
static void Retype(EddyOnnxModel m, int nin, EddyTensor in[], int nout, EddyTensor out[])
{
  EddyOnnxPort p;
  for (int k = 0; k < nin + nout; ++k) {
    EddyTensor *t = k < nin ? &in[k] : &out[k - nin];
    CK_PETSC(k < nin ? EddyOnnxGetInput(m, k, &p) : EddyOnnxGetOutput(m, k - nin, &p));
    if (p.type == EDDY_ONNX_BFLOAT16 && t->type == EDDY_ONNX_UINT16)
      t->type = EDDY_ONNX_BFLOAT16;
  }
}

static void RunList(const List *l, Table *table, int *own, int *promoted, int *reals)
{
  char folder[512];
  for (int k = 0; k < l->n; ++k) {
    EddyTensor in[MAX_PORTS], out[MAX_PORTS];
    EddyOnnxModel m;
    PetscBool a = PETSC_FALSE, b = PETSC_FALSE, real = PETSC_FALSE;
    snprintf(folder, sizeof folder, "%s/%s", Data(), l->line[k]);
    const int nin = LoadAll(folder, "input", in), nout = LoadAll(folder, "output", out);
    ck_assert_msg(nout > 0, "%s has no outputs", folder);
    strcat(folder, "/model.onnx");
    if (EddyOnnxLoad(PETSC_COMM_SELF, folder, &m)) {
      printf("%s: does not load\n", l->line[k]);
    } else {
      Retype(m, nin, in, nout, out);
      for (int i = 0; i < nin + nout; ++i)
        real = (PetscBool)(real || IsReal(i < nin ? in[i].type : out[i - nin].type));
      a = Evaluate(m, l->line[k], PETSC_FALSE, nin, in, nout, out);
      b = Evaluate(m, l->line[k], PETSC_TRUE, nin, in, nout, out);
      Count(table, m, a, b);
      CK_PETSC(EddyOnnxDestroy(&m));
    }
    *own += a, *promoted += real && b, *reals += real;
    for (int i = 0; i < nin; ++i)
      CK_PETSC(EddyTensorDestroy(&in[i]));
    for (int i = 0; i < nout; ++i)
      CK_PETSC(EddyTensorDestroy(&out[i]));
  }
}

START_TEST(tier_one_passes_in_its_types_and_in_double)
{
  static Table t; /* test program only */
  int own = 0, promoted = 0, reals = 0, more = 0, more_promoted = 0, more_reals = 0;
  const List tests = Read("onnx_t1_tests.txt");
  ck_assert_int_eq(tests.n, 458);
  RunList(&tests, &t, &own, &promoted, &reals);
  const List others = Read("onnx_t1_other_types.txt");
  ck_assert_int_eq(others.n, 44);
  RunList(&others, &t, &more, &more_promoted, &more_reals);
  const List operators = Read("onnx_t1_operators.txt");
  ck_assert_int_eq(operators.n, 64);
  printf("%-24s %6s %10s %10s\n", "operator", "tests", "own types", "promoted");
  for (int k = 0; k < operators.n; ++k) {
    int i = 0;
    while (i < t.n && strcmp(t.op[i], operators.line[k]))
      ++i;
    ck_assert_msg(i < t.n, "no test uses %s", operators.line[k]);
    printf("%-24s %6d %10d %10d\n", t.op[i], t.tests[i], t.own[i], t.promoted[i]);
  }
  printf("%d of %d tests pass in their types, %d of %d with floating-point tensors again in "
         "double; other types %d of %d\n",
         own, tests.n, promoted, reals, more, others.n);
  ck_assert_int_eq(t.n, operators.n);
  ck_assert_int_eq(own, tests.n);
  ck_assert_int_eq(promoted, reals);
  ck_assert_int_gt(reals, 400);
  ck_assert_int_eq(more, others.n);
  ck_assert_int_eq(more_promoted, more_reals);
}
END_TEST

EDDY_SUITE("onnx conformance", tier_one_passes_in_its_types_and_in_double)
