(** A network as the checker reads it, and the two families of linearisations that a claim is about. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms ExecutableNumbers ExecutableMatrices.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Outside and inside: where the activation is taken. *)
Inductive form := Outside | Inside.

(** How the network runs. [Iterated] is the map h+ = phi(Wh + u), with form inside. *)
Inductive scheme := Still | Iterated | Euler of quotient | SemiImplicit of quotient.

Record network := Network {
  units : nat;
  side : form;
  weights : matrix;                                        (* W *)
  coupling : option matrix;                                (* L *)
  nonlinear : option (matrix * (quotient * quotient));     (* K with the slopes l', g' of psi *)
  low : quotient; high : quotient;                         (* l, g *)
  times : vector;                                          (* tau *)
  runs : scheme }.

Definition coupled_matrix N := odflt mzero (coupling N).
Definition nonlinear_matrix N := if nonlinear N is Some (K, _) then K else mzero.
Definition low' N := if nonlinear N is Some (_, (l, _)) then l else qof Z0.
Definition high' N := if nonlinear N is Some (_, (_, g)) then g else qof Z0.

(** At least one unit, 0 <= l <= g, l' <= g', tau > 0, and K in form outside only. *)
Definition sensible N := (0 < units N)%N &&
  [&& qle (qof Z0) (low N), qle (low N) (high N), qle (low' N) (high' N),
      all (fun i => qlt (qof Z0) (entry (times N) i)) (iota 0 (units N)) &
      if side N is Inside then ~~ isSome (nonlinear N) else true].

Section Meaning.
Variables (R : realFieldType) (N : network).
Local Notation n := (units N).
Local Notation qr := (qr R).
Local Notation mx := (mx R).

Definition W_ : 'M[R]_n := mx n n (weights N).
Definition L_ : 'M[R]_n := mx n n (coupled_matrix N).
Definition K_ : 'M[R]_n := mx n n (nonlinear_matrix N).

(** The right-hand side without time constants. *)
Definition linear : family R n := match side N with
  | Outside => coupled (qr (low N)) (qr (high N)) W_ L_ (qr (low' N)) (qr (high' N)) K_
  | Inside => inside (qr (low N)) (qr (high N)) W_ L_
  end.

Definition tau (i : nat) : R := qr (entry (times N) i).

Definition pace : 'rV[R]_n := \row_i (tau i)^-1.

(** The flow: tau_i x_i' = ... *)
Definition flow : family R n := paced pace linear.

(** What a step multiplies the right-hand side by. A semi-implicit step treats the leak -x implicitly:
    (1 + h/tau) x+ = x + (h/tau)(W phi(x) + u), so x+ = x + h/(tau + h)(-x + W phi(x) + u). *)
Definition step_of (i : nat) : R := match runs N with
  | Euler h => qr h / tau i
  | SemiImplicit h => qr h / (tau i + qr h)
  | _ => 1
  end.

Definition step : 'rV[R]_n := \row_i step_of i.

(** The map that runs. *)
Definition run : family R n := euler 1 (paced step linear).

Definition flow_by M (lam : quotient) := 0 < qr lam /\ certifies flow M (qr lam).
Definition run_by M (rho : quotient) := 0 <= qr rho < 1 /\ contracts run M (qr rho).
Definition flow_claim lam := exists M, flow_by M lam.
Definition run_claim rho := exists M, run_by M rho.

Lemma sensible_facts : sensible N ->
  [/\ 0 <= qr (low N), qr (low N) <= qr (high N), qr (low' N) <= qr (high' N) &
      forall i : 'I_n, 0 < tau i].
Proof.
case/andP=> _ /and5P[l0 lg lg' t0 _]; split; rewrite ?qr_le //; first exact: qr_nonneg.
by move=> i; apply: qr_positive; apply: (allP t0); rewrite mem_iota add0n ltn_ord.
Qed.

Lemma pace_gt0 : sensible N -> forall i, 0 < pace 0 i.
Proof. by case/sensible_facts=> _ _ _ t0 i; rewrite mxE invr_gt0. Qed.

(** Steps that the reader supplies are those of the scheme. *)
Definition has_steps (s : vector) :=
  match runs N with
  | Still => false
  | Iterated => (if side N is Inside then true else false) && ~~ isSome (coupling N)
      && all (fun i => qle (qof (Zpos 1)) (entry s i) && qle (entry s i) (qof (Zpos 1))) (iota 0 n)
  | Euler h => qlt (qof Z0) h &&
      all (fun i => let a := qmul (entry s i) (entry (times N) i) in qle a h && qle h a) (iota 0 n)
  | SemiImplicit h => [&& qlt (qof Z0) h, ~~ isSome (coupling N) &
      all (fun i => let a := qmul (entry s i) (qadd (entry (times N) i) h) in qle a h && qle h a) (iota 0 n)]
  end.

Lemma stepsP s : sensible N -> has_steps s -> rv R n s = step.
Proof.
case/sensible_facts=> _ _ _ t0; rewrite /has_steps => ok; apply/rowP => i; rewrite rv_at mxE /step_of.
have i_n : (i : nat) \in iota 0 n by rewrite mem_iota add0n ltn_ord.
have eq a b : qle a b && qle b a -> qr a = qr b.
  by rewrite -!(qr_le R) => /andP[ab ba]; apply/eqP; rewrite eq_le ab ba.
case: (runs N) ok => [|/andP[_]|h /andP[h0]|h /and3P[/(qr_positive R) h0 _]] // /allP /(_ i i_n).
- by rewrite andbC => /eq; rewrite qr1.
- by move=> /eq; rewrite qrM => <-; rewrite mulfK // gt_eqF ?t0.
- by move=> /eq; rewrite qrM qrD => {1}<-; rewrite mulfK // gt_eqF // addr_gt0 ?t0.
Qed.

Lemma step_gt0 s : sensible N -> has_steps s -> forall i, 0 < step 0 i.
Proof.
case/sensible_facts=> _ _ _ t0; rewrite /has_steps => ok i; rewrite mxE /step_of.
case: (runs N) ok => [|_|h /andP[/(qr_positive R) h0 _]|h /and3P[/(qr_positive R) h0 _ _]] //.
- exact: ltr01.
- by rewrite divr_gt0 // t0.
- by rewrite divr_gt0 // addr_gt0 ?t0.
Qed.

(** ** The family entry by entry *)

Definition middle := qmul qhalf (qadd (low N) (high N)).
Definition spread := qmul qhalf (qsub (high N) (low N)).
Definition middle' := qmul qhalf (qadd (low' N) (high' N)).
Definition spread' := qmul qhalf (qsub (high' N) (low' N)).

(** cW + L + c'K - 1 and r|W| + r'|K|. *)
Definition centre :=
  let CW := mscale middle (weights N) in
  let CL := if coupling N is Some L then madd CW L else CW in
  let CK := if nonlinear N is Some (K, _) then madd CL (mscale middle' K) else CL in
  msub CK (mscalar n (qof (Zpos 1))).
Definition radius :=
  let RW := mscale spread (mabs (weights N)) in
  if nonlinear N is Some (K, _) then madd RW (mscale spread' (mabs K)) else RW.

Lemma centreE : mx n n centre = qr middle *: W_ + L_ + qr middle' *: K_ - 1%:M.
Proof.
rewrite /centre /L_ /K_ /coupled_matrix /nonlinear_matrix mxB mx_scalar qr1; congr (_ - _).
by case: (nonlinear N) => [[K s]|]; case: (coupling N) => [L|] /=; rewrite ?mxD ?mxZ ?mx_zero ?scaler0 ?addr0.
Qed.

Lemma radiusE i j : mx n n radius i j = qr spread * `|W_ i j| + qr spread' * `|K_ i j|.
Proof.
have part q A : (qr q *: mx n n (mabs A)) i j = qr q * `|mx n n A i j| by rewrite [LHS]mxE mx_abs.
rewrite /radius /W_ /K_ /nonlinear_matrix; case: (nonlinear N) => [[K s]|] /=.
  by rewrite mxD !mxZ [LHS]mxE !part.
have z : mx n n mzero i j = 0 by rewrite mx_zero mxE.
by rewrite mxZ part z normr0 mulr0 addr0.
Qed.

Lemma from_middle (l g d w : R) : l <= d <= g ->
  `|d * w - 2%:R^-1 * (l + g) * w| <= 2%:R^-1 * (g - l) * `|w|.
Proof.
case/andP=> ld dg; rewrite -mulrBl normrM ler_wpmul2r // ler_norml.
by apply/andP; split; rewrite -subr_ge0;
  [have -> : d - 2%:R^-1 * (l + g) - - (2%:R^-1 * (g - l)) = d - l by field
  |have -> : 2%:R^-1 * (g - l) - (d - 2%:R^-1 * (l + g)) = g - d by field]; rewrite subr_ge0.
Qed.

Lemma linear_bound A : sensible N -> linear A ->
  forall i j, `|A i j - mx n n centre i j| <= mx n n radius i j.
Proof.
case/andP=> _ /and5P[_ _ _ _ form_ok] lin i j; rewrite radiusE centreE.
have bound d d' w k : qr (low N) <= d <= qr (high N) -> qr (low' N) <= d' <= qr (high' N) ->
    `|d * w - qr middle * w + (d' * k - qr middle' * k)| <= qr spread * `|w| + qr spread' * `|k|.
  move=> sd sd'; apply: (le_trans (ler_norm_add _ _)).
  by rewrite !qrM !qrD !qrN !qr_half; apply: ler_add; apply: from_middle.
move: lin form_ok; rewrite /linear; move: W_ L_ K_ => W L K; case: (side N) => [[d [d' [sd sd' ->]]] _|[d sd ->] noK].
  apply: (le_trans _ (bound _ _ (W i j) (K i j) (sd j) (sd' j))).
  rewrite !mul_mx_diag !mxE le_eqVlt; apply/orP; left; apply/eqP; congr `|_|; entries R; ring.
have z : qr (low' N) <= 0 <= qr (high' N).
  by rewrite /low' /high'; case: (nonlinear N) noK => // _; rewrite qr0 lexx.
apply: (le_trans _ (bound _ _ (W i j) (K i j) (sd i) z)).
rewrite mul_diag_mx !mxE le_eqVlt; apply/orP; left; apply/eqP; congr `|_|; entries R; ring.
Qed.

End Meaning.

Arguments linear R N _ : clear implicits.
Arguments flow R N _ : clear implicits.
Arguments run R N _ : clear implicits.
Arguments flow_by R N _ _ : clear implicits.
Arguments run_by R N _ _ : clear implicits.
