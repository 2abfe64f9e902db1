/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 3 */
/* The png writer: numbered frames from blocks on any rank count, the same bytes on each, and where it goes on. */
#include "draw.h"
#include "io_case.h"
#include <string.h>

/* Width in the head of a PNG file */
static unsigned png_width(const char *path)
{
  unsigned char p[24] = {0};
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "%s is not there", path);
  ck_assert_int_eq((int)fread(p, 1, sizeof p, f), (int)sizeof p);
  fclose(f);
  ck_assert_msg(!memcmp(p, "\x89PNG\r\n\x1a\n", 8), "%s is not a PNG", path);
  return (unsigned)p[16] << 24 | (unsigned)p[17] << 16 | (unsigned)p[18] << 8 | p[19];
}

START_TEST(png_writer_makes_numbered_frames)
{
  const PetscInt n[3] = {24, 16, 1};
  char folder[400], path[512];
  IoCase c;
  snprintf(folder, sizeof folder, "%s/frames", eddy_test_folder(PETSC_COMM_WORLD));
  io_case_make(&c, PETSC_COMM_WORLD, folder, 2, n, 1, 3);
  EddyWriter writer = io_case_writer(
      PETSC_COMM_WORLD,
      "output: {list: [set], set: {type: png, field: velocity, component: 1, width: 80}}\n");
  CK_PETSC(writer->ops->Open(writer, &c.plan));
  CK_PETSC(io_case_write(&c, writer, 0, 2));
  CK_PETSC(writer->ops->Close(writer, PETSC_FALSE));
  ck_assert_int_eq(writer->frames_done, 2);
  c.plan.resume = PETSC_TRUE;
  CK_PETSC(writer->ops->Open(writer, &c.plan));
  ck_assert_int_eq(writer->frames_done, 2);
  CK_PETSC(io_case_write(&c, writer, 2, 3));
  CK_PETSC(writer->ops->Close(writer, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&writer));
  MPI_Barrier(PETSC_COMM_WORLD); /* rank 0 draws, the others need not wait */
  for (int k = 0; k < 3; ++k) {
    snprintf(path, sizeof path, "%s/frame_%05d.png", folder, k);
    ck_assert_uint_eq(png_width(path), (unsigned)(80 / 25.4 * EDDY_DRAW_DPI + 0.5));
  }
}
END_TEST

/* Frame 0 of row 41 of a run on comm */
static void one_picture(MPI_Comm comm, const char *folder)
{
  const PetscInt n[3] = {24, 16, 1};
  IoCase c;
  io_case_make(&c, comm, folder, 2, n, 2, 1);
  EddyWriter writer =
      io_case_writer(comm, "output: {list: [set], set: {type: png, range: [1, 3000]}}\n");
  CK_PETSC(writer->ops->Open(writer, &c.plan));
  CK_PETSC(io_case_write(&c, writer, 0, 2));
  CK_PETSC(writer->ops->Close(writer, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&writer));
}

START_TEST(the_picture_is_the_same_on_any_rank_count)
{
  char all[400], alone[400], path[2][512], hex[2][65] = {"", ""};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  snprintf(all, sizeof all, "%s/all", folder);
  snprintf(alone, sizeof alone, "%s/alone", folder);
  one_picture(PETSC_COMM_WORLD, all);
  if (!rank) {
    one_picture(PETSC_COMM_SELF, alone);
    snprintf(path[0], sizeof path[0], "%s/row_00041/frame_00000.png", all);
    snprintf(path[1], sizeof path[1], "%s/row_00041/frame_00000.png", alone);
    for (int k = 0; k < 2; ++k)
      CK_PETSC(EddyFileSha256(path[k], hex[k]));
  }
  ck_assert_str_eq(hex[0], hex[1]);
}
END_TEST

EDDY_SUITE("png", png_writer_makes_numbered_frames, the_picture_is_the_same_on_any_rank_count)
