(** Ablation of a unit (theory 5): since slope 0 is allowed, any certificate survives with the same rate.

        form inside    in the principal submatrix M_rr
        form outside   in the Schur complement M / k = ((M^-1)_rr)^-1, by transposition

    In form outside the principal submatrix can fail. Units are split into r kept and k ablated ones. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Ablation.
Variables (R : realFieldType) (r k : nat).
Implicit Types (M W : 'M[R]_(r + k)) (e x : 'cV[R]_r).

(** Kept units, the ablated ones at rest. *)
Let extend x : 'cV[R]_(r + k) := col_mx x 0.

Lemma bf_extend M x y : bf M (extend x) (extend y) = bf (ulsubmx M) x y.
Proof.
rewrite !bfE /extend tr_col_mx -{1}[M]submxK mul_row_block mul_row_col.
by rewrite trmx0 !mul0mx mulmx0 !addr0.
Qed.

Lemma posdef_submatrix M : posdef M -> posdef (ulsubmx M).
Proof.
move=> [sM pM]; split=> [|x x0]; first by rewrite /symmetric trmx_ulsub sM.
rewrite /qf -bf_extend; apply: pM; apply: contraNneq x0 => e.
by have := congr1 usubmx e; rewrite /extend col_mxKu linear0 => ->.
Qed.

Theorem ablated_inside g W M lam : 0 <= g ->
  certifies (inside 0 g W 0) M lam -> certifies (inside 0 g (ulsubmx W) 0) (ulsubmx M) lam.
Proof.
move=> g0 [pM d]; split=> [|_ [s ss ->] e]; first exact: posdef_submatrix.
rewrite /qf -!bf_extend.
have -> : extend ((diag_mx s *m ulsubmx W + 0 - 1%:M) *m e)
    = (diag_mx (row_mx s 0) *m W + 0 - 1%:M) *m extend e.
  rewrite !addr0 !mulmxBl !mul1mx /extend -{2}[W]submxK -!mulmxA mul_block_col !mulmx0 !addr0.
  rewrite diag_mx_row mul_block_col !mul0mx linear0 mul0mx add0r addr0.
  by rewrite opp_col_mx add_col_mx oppr0 addr0.
apply: d; exists (row_mx s 0) => // i.
by case: (split_ordP i) => j ->; rewrite ?row_mxEl ?row_mxEr ?mxE ?lexx.
Qed.

Theorem ablated_outside g W M lam : 0 <= g ->
  certifies (outside 0 g W 0) M lam ->
  certifies (outside 0 g (ulsubmx W) 0) (invmx (ulsubmx (invmx M))) lam.
Proof.
move=> g0 /inside_of_outside; rewrite trmx0 => /(ablated_inside g0) h.
apply/inside_of_outside; rewrite invmxK trmx0.
by have -> : (ulsubmx W)^T = ulsubmx W^T by rewrite trmx_ulsub.
Qed.

End Ablation.
