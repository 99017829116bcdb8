(** Slopes at which the network does not decay: no metric and no positive rate (Swift: [UnstableVertex]; theory F4,
    section 2). A direction that a matrix of the family does not shrink is enough: *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section UnstableVertex.
Variables (R : realFieldType) (n : nat).
Implicit Types (F : family R n) (M A Z S : 'M[R]_n) (x : 'cV[R]_n).

(** An eigenvalue s >= 0. *)
Theorem unstable_vertex F A x s : F A -> x != 0 -> 0 <= s -> A *m x = s *: x ->
  forall M lam, 0 < lam -> ~ certifies F M lam.
Proof.
move=> FA x0 s0 eig M lam l0 [[_ p] d]; have := d A FA x.
rewrite eig bfZr -/(qf M x) -mulNr ler_pmul2r ?p // => /(le_trans s0).
by rewrite oppr_ge0 leNgt l0.
Qed.

(** An eigenvalue of modulus at least 1, for the map. *)
Theorem unstable_map F A x s : F A -> x != 0 -> 1 <= s ^+ 2 -> A *m x = s *: x ->
  forall M rho, 0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> FA x0 s1 eig M rho /andP[r0 r1] [[_ p] d]; have := d A FA x.
rewrite eig qfZ ler_pmul2r ?p // => /(le_trans s1).
by rewrite leNgt exprn_ilt1.
Qed.

(** det(-A) = 0: a principal minor of I - gW that vanishes (theory F4). *)
Corollary singular_vertex F A : F A -> \det A = 0 ->
  forall M lam, 0 < lam -> ~ certifies F M lam.
Proof.
move=> FA /eqP; rewrite -det_tr => /det0P[v v0 vA].
apply: (@unstable_vertex F A v^T 0) => //.
  by rewrite -trmx0 (inj_eq (can_inj (@trmxK _ _ _))).
by rewrite scale0r -[A]trmxK -trmx_mul vA trmx0.
Qed.

End UnstableVertex.
