/* SPDX-License-Identifier: BSD-3-Clause */
/* Metadata of a model file and its golden sample. eddyline.golden is text: pairs of a shape and base64 data, first for each input,
   then for each output, separated by blanks; data are little-endian doubles:
     1,2,8,8 AAAA... 1,1,8,8 AAAA...
   Entries must agree with the ports; a model whose golden result is not reproduced is refused. */
#include "onnx_impl.h"

const char *EddyOnnxMetadata(EddyOnnxModel m, const char *key)
{
  for (int k = 0; k < m->nmeta; ++k)
    if (!strcmp(m->meta[k].key, key))
      return m->meta[k].value;
  return NULL;
}

PetscErrorCode EddyOnnxMetadataList(EddyOnnxModel m, const char *key, int max,
                                    char list[][EDDY_MAX_NAME], int *n)
{
  const char *p = EddyOnnxMetadata(m, key);

  PetscFunctionBeginUser;
  for (*n = 0; p && *p;) {
    p += strspn(p, ", ");
    const size_t length = strcspn(p, ", ");
    if (!length)
      break;
    OxRequire(*n < max && length < EDDY_MAX_NAME, m->comm,
              "%s: metadata %s: more than %d entries or a word of more than %d letters", m->label,
              key, max, EDDY_MAX_NAME - 1);
    memcpy(list[*n], p, length);
    list[(*n)++][length] = 0;
    p += length;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static int Digit(char c)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *p = c ? strchr(digits, c) : NULL;
  return p ? (int)(p - digits) : -1;
}

/* Decodes exactly n bytes from the word at *text. */
static PetscBool Base64(const char **text, unsigned char *bytes, size_t n)
{
  const char *p = *text;
  size_t k = 0;
  unsigned bits = 0, have = 0;
  for (; Digit(*p) >= 0; ++p) {
    bits = bits << 6 | (unsigned)Digit(*p);
    have += 6;
    if (have >= 8) {
      have -= 8;
      if (k == n)
        return PETSC_FALSE;
      bytes[k++] = (unsigned char)(bits >> have & 255);
    }
  }
  p += strspn(p, "=");
  *text = p;
  return (PetscBool)(k == n && (!*p || *p == ' '));
}

/* One pair of shape and data. */
static PetscErrorCode Sample(EddyOnnxModel m, const char **text, const char *name, EddyTensor *t)
{
  int64_t dims[OX_RANK] = {0};
  int rank = 0;
  char *end;

  PetscFunctionBeginUser;
  *text += strspn(*text, " ");
  const char *p = *text;
  for (; *p && *p != ' '; p = end + (*end == ',')) {
    OxRequire(rank < OX_RANK, m->comm,
              "%s: eddyline.golden: shape of '%.60s' has more than %d extents", m->label, name,
              (int)OX_RANK);
    dims[rank++] = strtoll(p, &end, 10);
    OxRequire(end > p && (*end == ',' || *end == ' '), m->comm,
              "%s: eddyline.golden: shape of '%.60s' cannot be read", m->label, name);
  }
  const int64_t n = OxProduct(rank, dims);
  OxRequire(rank && n >= 0 && (size_t)n <= strlen(p), m->comm,
            "%s: eddyline.golden: no data for '%.60s'", m->label, name);
  PetscCall(EddyTensorCreate(EDDY_ONNX_DOUBLE, rank, dims, t));
  p += strspn(p, " ");
  const PetscBool ok = Base64(&p, t->data, (size_t)n * 8);
  OxRequire(ok, m->comm, "%s: eddyline.golden: '%.60s' needs %lld doubles in base64", m->label,
            name, (long long)n);
  *text = p;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* The network on the sample, in double and in its own types; *error relative to the largest golden value. */
static PetscErrorCode Compare(EddyOnnxModel m, PetscBool f64, const EddyTensor in[],
                              const EddyTensor want[], EddyTensor out[], double *error)
{
  EddyTensor given[8];
  double scale = 0, most = 0;
  PetscErrorCode ierr = PETSC_SUCCESS;

  PetscFunctionBeginUser;
  memset(given, 0, sizeof(given));
  for (int k = 0; k < m->ninput && !ierr; ++k) {
    const EddyOnnxType type = m->value[m->input[k]].t.type;
    ierr = EddyTensorCreate(f64 && OxIsReal(type) ? EDDY_ONNX_DOUBLE : type, in[k].rank, in[k].dims,
                            &given[k]);
    for (int64_t i = 0; !ierr && i < EddyTensorCount(&in[k]); ++i)
      EddyTensorSet(&given[k], i, EddyTensorGet(&in[k], i));
  }
  if (!ierr)
    ierr = EddyOnnxRun(m, f64, m->ninput, given, m->noutput, out);
  for (int k = 0; k < m->ninput; ++k)
    PetscCall(EddyTensorDestroy(&given[k]));
  PetscCall(ierr);
  for (int k = 0; k < m->noutput; ++k) {
    OxRequire(out[k].rank == want[k].rank &&
                  !memcmp(out[k].dims, want[k].dims, (size_t)want[k].rank * 8),
              m->comm, "%s: eddyline.golden: output %d has another shape than the network makes",
              m->label, k);
    for (int64_t i = 0; i < EddyTensorCount(&want[k]); ++i) {
      const double d = fabs(EddyTensorGet(&out[k], i) - EddyTensorGet(&want[k], i));
      scale = fmax(scale, fabs(EddyTensorGet(&want[k], i)));
      most = d <= most ? most : d; /* NaN stays */
    }
    PetscCall(EddyTensorDestroy(&out[k]));
  }
  *error = scale > 0 ? most / scale : most;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Check(EddyOnnxModel m, const char *text, EddyTensor t[3][8],
                            EddyOnnxGolden *g)
{
  double own;

  PetscFunctionBeginUser;
  for (int k = 0; k < m->ninput; ++k)
    PetscCall(Sample(m, &text, m->value[m->input[k]].name, &t[0][k]));
  for (int k = 0; k < m->noutput; ++k)
    PetscCall(Sample(m, &text, m->value[m->output[k]].name, &t[1][k]));
  OxRequire(!text[strspn(text, " ")], m->comm, "%s: eddyline.golden goes on after the last output",
            m->label);
  g->present = PETSC_TRUE;
  g->tolerance = 1e-5;
  PetscCall(Compare(m, PETSC_TRUE, t[0], t[1], t[2], &g->error));
  PetscCall(Compare(m, PETSC_FALSE, t[0], t[1], t[2], &own));
  OxRequire(g->error <= g->tolerance, m->comm,
            "%s: the golden sample is not reproduced: error %.3g, allowed %.3g; the exporter "
            "wrote another network than was trained",
            m->label, g->error, g->tolerance);
  OxRequire(
      own <= 1e-3, m->comm,
      "%s: the golden sample is reproduced in double only (error %.3g in the network's own type)",
      m->label, own);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOnnxCheckGolden(EddyOnnxModel m, EddyOnnxGolden *g)
{
  const char *text = EddyOnnxMetadata(m, "eddyline.golden");
  EddyTensor t[3][8];

  PetscFunctionBeginUser;
  memset(g, 0, sizeof(*g));
  memset(t, 0, sizeof(t));
  if (!text)
    PetscFunctionReturn(PETSC_SUCCESS);
  OxRequire(m->ninput <= 8 && m->noutput <= 8, m->comm,
            "%s: golden sample of more than 8 inputs or outputs", m->label);
  const PetscErrorCode ierr = Check(m, text, t, g);
  for (int k = 0; k < 24; ++k)
    PetscCall(EddyTensorDestroy(&t[k / 8][k % 8]));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}
