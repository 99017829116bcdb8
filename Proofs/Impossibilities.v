(** What shows that one kind of certificate does not exist (Swift: [Perron], [MetricFault]; theory 0
    and 1). It refutes no network. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms AbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Impossibilities.
Variables (R : realFieldType) (n : nat).
Implicit Types (M A N : 'M[R]_n) (x u : 'cV[R]_n) (F : family R n).

(** Theorem 1 fails: N u >= u for some u >= 0, not 0; so no diagonal P makes sym(P (N - 1)) negative. *)
Theorem perron N u : (forall i, 0 <= u i 0) -> u != 0 -> (forall i, u i 0 <= (N *m u) i 0) ->
  forall (P : 'rV[R]_n) lam, (forall i, 0 < P 0 i) -> 0 < lam -> ~ decays (eq (N - 1%:M)) (diag_mx P) lam.
Proof.
move=> u0 un Nu P lam P0 l0 d; have := d _ (erefl _) u; apply/negP; rewrite -ltNge.
apply: (@lt_le_trans _ _ 0); first by rewrite oppr_lt0 mulr_gt0 // (diag_posdef P0).2.
rewrite bf_diag mulmxBl mul1mx; apply: sumr_ge0 => i _; apply: mulr_ge0; first exact: ltW.
apply: mulr_ge0 => //; rewrite mxE [X in _ + X]mxE subr_ge0; exact: Nu.
Qed.

(** One vector on which M is not positive, or along which the network does not shrink in M. *)
Theorem metric_not_positive M x F lam : x != 0 -> qf M x <= 0 -> ~ certifies F M lam.
Proof. by move=> x0 Mx [[_ p] _]; have := p x x0; rewrite ltNge Mx. Qed.

Theorem metric_not_shrinking M A x F lam : F A -> 0 < qf M x -> 0 <= bf M x (A *m x) -> 0 < lam ->
  ~ certifies F M lam.
Proof.
move=> FA Mx grow l0 [_ d]; have := le_trans grow (d A FA x).
by rewrite oppr_ge0 leNgt mulr_gt0 //.
Qed.

Theorem metric_not_shrinking_map M A x F rho : F A -> 0 < qf M x -> qf M x <= qf M (A *m x) ->
  0 <= rho < 1 -> ~ contracts F M rho.
Proof.
move=> FA Mx grow /andP[r0 r1] [_ d]; have := le_trans grow (d A FA x).
by rewrite -[X in X <= _]mul1r ler_pmul2r // leNgt expr_lt1 ?r1.
Qed.

End Impossibilities.
