(** Networks without couplings and with one time constant: the families of the theorems, and time. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue FormTransfer SingularValue.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks ExecutableAbsoluteValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition qeq a b := qle a b && qle b a.

(** The one value of a vector, if it has only one. *)
Definition uniform n v := all (fun i => qeq (entry v i) (entry v 0)) (iota 0 n).

Definition single N := ~~ isSome (nonlinear N).
Definition plain N := single N && ~~ isSome (coupling N).

(** The largest time constant. *)
Definition slowest_time N := largest (map (fun i => entry (times N) i) (iota 0 (units N))).

Section Meaning.
Variables (R : realFieldType) (N : network).
Local Notation n := (units N).
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).
Local Notation l := (qr (low N)).
Local Notation g := (qr (high N)).
Local Notation W := (W_ R N).
Local Notation L := (L_ R N).

Lemma qeqP a b : qeq a b -> qr a = qr b.
Proof. by rewrite /qeq -!(qr_le R) => /andP[ab ba]; apply/eqP; rewrite eq_le ab ba. Qed.

Lemma uniformP v : uniform n v -> rv n v = const_mx (qr (entry v 0)).
Proof.
move=> /allP u; apply/rowP => i; rewrite rv_at mxE; apply: qeqP; apply: u.
by rewrite mem_iota add0n ltn_ord.
Qed.

Lemma all_units (P : pred nat) : all P (iota 0 n) -> forall i : 'I_n, P i.
Proof. by move=> /allP h i; apply: h; rewrite mem_iota add0n ltn_ord. Qed.

Lemma single_linear A : single N -> linear R N A ->
  match side N with Outside => outside l g W L A | Inside => inside l g W L A end.
Proof.
rewrite /single /linear; case: (side N) => // noK [d [d' [sd _ ->]]]; exists d => //.
have -> : K_ R N = 0 by rewrite /K_ /nonlinear_matrix; case: (nonlinear N) noK => // _; apply: mx_zero.
by rewrite mul0mx addr0.
Qed.

Lemma plain_linear A : plain N -> linear R N A ->
  match side N with Outside => outside l g W 0 A | Inside => inside l g W 0 A end.
Proof.
case/andP=> noK noL /(single_linear noK); suff -> : L = 0 by [].
by rewrite /L_ /coupled_matrix; case: (coupling N) noL => // _; apply: mx_zero.
Qed.

(** Slopes in [l, g] lie in [0, g]. *)
Lemma from_zero (V K : 'M[R]_n) A : 0 <= l ->
  (outside l g V K A -> outside 0 g V K A) /\ (inside l g V K A -> inside 0 g V K A).
Proof.
move=> l0; split=> -[d sd ->]; exists d => // i; have /andP[h ->] := sd i; rewrite andbT;
  exact: le_trans l0 h.
Qed.

Lemma certifies_sub (F G : family R n) M lam : (forall A, F A -> G A) -> certifies G M lam -> certifies F M lam.
Proof. by move=> FG [pM d]; split=> //; apply: decays_sub d. Qed.

Lemma contracts_sub (F G : family R n) M rho : (forall A, F A -> G A) -> contracts G M rho -> contracts F M rho.
Proof. by move=> FG [pM d]; split=> //; apply: shrinks_sub d. Qed.

Lemma contracts_le (F : family R n) M rho rho' :
  0 <= rho -> rho <= rho' -> contracts F M rho -> contracts F M rho'.
Proof.
move=> r0 le [pM d]; split=> // A FA e; apply: (le_trans (d A FA e)).
apply: ler_wpmul2r; first exact: posdef_nonneg.
by rewrite ler_sqr // nnegrE // (le_trans r0).
Qed.

(** A rate of the network with time constants 1, for the flow with one time constant. *)
Lemma flow_uniform M mu lam : sensible N -> uniform n (times N) -> qlt (qof Z0) lam ->
  qr lam * qr (entry (times N) 0) <= mu -> certifies (linear R N) M mu -> flow_by R N M lam.
Proof.
move=> ok u l0 le [pM d]; split; [exact: qr_positive | split=> //].
have [_ _ _ t0] := sensible_facts R ok.
have -> : flow R N = paced (const_mx (qr (entry (times N) 0))^-1) (linear R N).
  rewrite /flow; congr (paced _ _); apply/rowP => i; rewrite !mxE /tau; congr (_^-1).
  by apply: qeqP; apply: (all_units u).
have /andP[n0 _] := ok.
have tp : 0 < qr (entry (times N) 0) := t0 (Ordinal n0).
apply: decays_le (uniform_pace _ d); first exact: posdef_nonneg.
  by rewrite mulrC ler_pdivl_mulr.
by rewrite invr_ge0 ltW.
Qed.

(** A diagonal metric: the slowest unit sets the rate. *)
Lemma flow_slowest m mu lam : sensible N -> positives n m -> qlt (qof Z0) lam -> qlt (qof Z0) (slowest_time N) ->
  qr lam * qr (slowest_time N) <= mu -> decays (linear R N) (diag_mx (rv n m)) mu ->
  flow_by R N (diag_mx (\row_i (rv n m 0 i / pace R N 0 i))) lam.
Proof.
move=> ok /(@positivesP R N) m0 l0 T0 le d.
set T := qr (slowest_time N) in le; have Tp : 0 < T by apply: qr_positive.
have lp : 0 < qr lam by apply: qr_positive.
split=> //.
have -> : qr lam = T^-1 * (qr lam * T) by field; rewrite gt_eqF.
apply: slowest_pace => //; first exact: pace_gt0.
- move=> i; rewrite mxE; have [_ _ _ t0] := sensible_facts R ok.
  rewrite lef_pinv ?posrE //; exact: (@largest_iota R N (fun i => entry (times N) i)).
- by rewrite mulr_ge0 ?ltW.
by apply: decays_le d => //; apply: posdef_nonneg; apply: diag_posdef.
Qed.

Lemma run_uniform s A : sensible N -> has_steps N s -> uniform n s ->
  run R N A -> euler (qr (entry s 0)) (linear R N) A.
Proof.
move=> ok hs u; rewrite /run -(stepsP R ok hs) (uniformP u) => -[_ [B lin ->] ->].
by exists B; rewrite // diag_const_mx mul_scalar_mx scale1r.
Qed.

(** A factor for Euler steps of the network with time constants 1. *)
Lemma run_of_euler s (F : family R n) M rho : sensible N -> has_steps N s -> uniform n s ->
  qle (qof Z0) rho -> qlt rho (qof (Zpos 1)) -> (forall A, linear R N A -> F A) ->
  contracts (euler (qr (entry s 0)) F) M (qr rho) -> run_by R N M rho.
Proof.
move=> ok hs u r0 r1 sub c; rewrite /run_by (qr_nonneg R r0) -(qr1 R) qr_lt r1; split=> //.
apply: contracts_sub c => A /(run_uniform ok hs u)[B lin ->]; exists B => //; exact: sub.
Qed.

Lemma step_gt0_uniform s : sensible N -> has_steps N s -> uniform n s -> 0 < qr (entry s 0).
Proof.
move=> ok hs u; have /andP[n0 _] := ok; have := step_gt0 R ok hs (Ordinal n0).
by rewrite -(stepsP R ok hs) (uniformP u) mxE.
Qed.

End Meaning.
