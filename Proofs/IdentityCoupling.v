(** A printed claim that fails (theory 7 and 9): coupling modules that Theorem 1 certifies by L = -L^T is not free,
    W1 = [[0, 4], [0, 0]], W2 = [0], L = [[0, 0, -1], [0, 0, 1], [1, -1, 0]].

    [Slips.identity_coupling] has 12 in place of 4 and a rational eigenvalue; here det(-J) = -1 at slopes 1. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms Instability.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section IdentityCoupling.
Variable R : rcfType.

Definition skew_modules_4 : 'M[R]_3 := \matrix_(i, j)
  nth 0 (nth [::] [:: [:: -1; 4%:R; -1]; [:: 0; -1; 1]; [:: 1; -1; -1]] i) j.

Theorem identity_coupling_4 (M : 'M[R]_3) lam : 0 < lam -> ~ certifies (eq skew_modules_4) M lam.
Proof.
move=> l0; apply: (@principal_minor R _ _ skew_modules_4) => //.
rewrite (expand_det_col _ 0) !big_ord_recl big_ord0 /cofactor.
rewrite !(expand_det_col _ 0) !big_ord_recl !big_ord0 /cofactor !det_mx11 !mxE /=.
rewrite /bump /= !addn0 !add1n expr0 expr1 expr2.
apply: (@le_trans _ _ (-1)); last by rewrite oppr_le0 ler01.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

End IdentityCoupling.
