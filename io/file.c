/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that must survive a crash: fsync of content and of the folder that names them, SHA-256,
 * mkdir -p. */
#define _GNU_SOURCE /* fallocate */
#include "writer.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

PetscErrorCode EddyFileSync(const char *path)
{
  PetscFunctionBeginUser;
  const int fd = open(path, O_RDONLY);
  PetscCheck(fd >= 0, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  /* some file systems refuse fsync on a folder (EINVAL): nothing to wait for there */
  const int failed = fsync(fd) && errno != EINVAL && errno != EROFS ? errno : 0;
  close(fd);
  PetscCheck(!failed, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot sync to disk: %s", path,
             strerror(failed));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFilePublish(const char *from, const char *to)
{
  char folder[EDDY_MAX_PATH];

  PetscFunctionBeginUser;
  PetscCall(EddyFileSync(from));
  PetscCheck(!rename(from, to), PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot rename to %s: %s", from,
             to, strerror(errno));
  PetscCall(PetscStrncpy(folder, to, sizeof folder));
  char *slash = strrchr(folder, '/');
  if (!slash)
    PetscCall(PetscStrncpy(folder, ".", sizeof folder));
  else
    slash[slash == folder ? 1 : 0] = 0;
  PetscCall(EddyFileSync(folder));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFileReserve(const char *path, PetscInt64 bytes)
{
  PetscFunctionBeginUser;
  const int fd = open(path, O_RDWR | O_CREAT, 0666);
  PetscCheck(fd >= 0, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot create: %s", path, strerror(errno));
  int failed;
  do
    failed = fallocate(fd, 0, 0, (off_t)bytes) ? errno : 0;
  while (failed == EINTR);
  close(fd);
  if (failed == EOPNOTSUPP || failed == ENOSYS)
    PetscFunctionReturn(PETSC_SUCCESS); /* a file system that cannot promise space */
  if (failed)
    (void)unlink(path);
  PetscCheck(!failed, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot reserve %.3g MB: %s", path,
             (double)bytes / 1e6, strerror(failed));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFileWriteText(const char *path, const char *text)
{
  char fresh[EDDY_MAX_PATH];
  const size_t len = strlen(text);

  PetscFunctionBeginUser;
  PetscCheck(strlen(path) + 8 < sizeof fresh, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: path too long",
             path);
  snprintf(fresh, sizeof fresh, "%s.new", path);
  FILE *f = fopen(fresh, "wb");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot create: %s", path, strerror(errno));
  errno = 0;
  const size_t done = fwrite(text, 1, len, f);
  const int failed = fclose(f) || done != len ? (errno ? errno : EIO) : 0;
  if (failed)
    (void)unlink(fresh);
  PetscCheck(!failed, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot write: %s", path, strerror(failed));
  PetscCall(EddyFilePublish(fresh, path));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFileSha256(const char *path, char hex[65])
{
  enum { PIECE = 1 << 18 };
  unsigned char *piece, digest[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  size_t n;

  PetscFunctionBeginUser;
  hex[0] = 0;
  FILE *f = fopen(path, "rb");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  PetscCall(PetscMalloc1(PIECE, &piece));
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
  while (ok && (n = fread(piece, 1, PIECE, f)) > 0)
    ok = EVP_DigestUpdate(ctx, piece, n);
  const int broken = ferror(f) ? errno : 0;
  ok = ok && EVP_DigestFinal_ex(ctx, digest, &len) && len == 32;
  EVP_MD_CTX_free(ctx);
  fclose(f);
  PetscCall(PetscFree(piece));
  PetscCheck(!broken, PETSC_COMM_SELF, EDDY_ERR_IO, "%s: cannot read: %s", path, strerror(broken));
  PetscCheck(ok, PETSC_COMM_SELF, PETSC_ERR_LIB, "%s: SHA-256 failed in the OpenSSL library", path);
  for (unsigned i = 0; i < 32; ++i)
    snprintf(hex + 2 * i, 3, "%02x", digest[i]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Makes every missing folder of path; 0 or errno. */
static int MakeAll(const char *path)
{
  char part[EDDY_MAX_PATH];
  struct stat st;
  const size_t len = strlen(path);
  if (len >= sizeof part)
    return ENAMETOOLONG;
  memcpy(part, path, len + 1);
  for (size_t i = 1; i <= len; ++i) {
    if (part[i] != '/' && part[i])
      continue;
    const char keep = part[i];
    part[i] = 0;
    if (mkdir(part, 0777) && errno != EEXIST)
      return errno;
    part[i] = keep;
  }
  if (len && (stat(path, &st) || !S_ISDIR(st.st_mode)))
    return ENOTDIR;
  return 0;
}

PetscErrorCode EddyMakeFolder(MPI_Comm comm, const char *path)
{
  int rank, failed = 0;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  if (!rank)
    failed = MakeAll(path);
  PetscCallMPI(MPI_Bcast(&failed, 1, MPI_INT, 0, comm));
  PetscCheck(!failed, comm, EDDY_ERR_IO, "%s: cannot make the folder: %s", path, strerror(failed));
  PetscFunctionReturn(PETSC_SUCCESS);
}
