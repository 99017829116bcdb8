(** Negative feedback between modules, with a residual (theory 4: imperfect feedback).

    If sym(M L) <= r M, adding the linear coupling L costs at most r: the rate is lam - r, in the same metric.
    Exact negative feedback, M L + L^T M = 0, costs nothing. The modules themselves are combined by
    [Hierarchy.hierarchy_flow] with b = 0: M = blkdiag(theta_i M_i), lam = min lam_i. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Feedback.
Variables (R : realFieldType) (n : nat).
Implicit Types (F : family R n) (M L A B : 'M[R]_n).

Definition coupled_by F L : family R n := fun A => exists2 B, F B & A = B + L.

Theorem feedback F M L lam r :
  certifies F M lam -> (forall e, bf M e (L *m e) <= r * qf M e) ->
  certifies (coupled_by F L) M (lam - r).
Proof.
move=> [pM d] hL; split=> // _ [A FA ->] e; rewrite mulmxDl bfDr.
apply: (le_trans (ler_add (d A FA e) (hL e))).
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(** M_i L_ij = - L_ji^T M_j, all together. *)
Corollary negative_feedback F M L lam :
  certifies F M lam -> M *m L + L^T *m M = 0 -> certifies (coupled_by F L) M lam.
Proof.
move=> [pM d] skew; have := feedback (conj pM d) (r := 0); rewrite subr0; apply=> e.
have := bfM0 e e; rewrite -{1}skew bfMD bf_mul bf_mulT (bfC _ e (posdef_symmetric pM)) mul0r.
by rewrite -mulr2n => /eqP; rewrite mulrn_eq0 /= => /eqP->.
Qed.

(** The couplings of the networks. *)
Lemma outside_coupled l g (W L A : 'M[R]_n) : outside l g W L A -> coupled_by (outside l g W 0) L A.
Proof.
by move=> [d sd ->]; exists (W *m diag_mx d + 0 - 1%:M); [exists d | rewrite addr0 addrAC].
Qed.

Lemma inside_coupled l g (W L A : 'M[R]_n) : inside l g W L A -> coupled_by (inside l g W 0) L A.
Proof.
by move=> [d sd ->]; exists (diag_mx d *m W + 0 - 1%:M); [exists d | rewrite addr0 addrAC].
Qed.

End Feedback.
