(** The exponential step with a linear coupling (Swift: [StepOfFlow]; theory 6, integrators):

        x+ = E(h) x + J(h) (W phi(x) + u),   E(t) = exp(-t(1 - L)),   J(t) = the integral of E from 0 to t

    If e^T M L e <= r e^T M e and kappa = 1 - r > 0, then |E(h)|_M <= exp(-kappa h) and
    |J(h)|_M <= (1 - exp(-kappa h)) / kappa, the bounds that [exponential_step] takes.

    E is given as what defines it, E(0) = 1 and E' = -(1 - L) E, and J by J(0) = 0 and J' = E. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp.classical Require Import boolp classical_sets functions.
From mathcomp.analysis Require Import reals signed topology normedtype derive sequences realfun exp.
From Certify Require Import Spec Forms Gronwall StepOfFlow.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(** Of ordered fields. *)
Lemma spread_rest (R : realFieldType) (a k x y : R) : y - a * ((1 - x) / k) = y + (a / k * x - a / k).
Proof. by ring. Qed.
Lemma cancel_rate (R : realFieldType) (a k x : R) : k != 0 -> a / k * (- k * x) = - (a * x).
Proof. by move=> k0; field. Qed.

Section Exponential.
Variables (R : realType) (n : nat) (M L : 'M[R]_n) (r : R).
Hypothesis pM : posdef M.
Hypothesis residual : forall e, bf M e (L *m e) <= r * qf M e.
Let kappa := 1 - r.
Hypothesis kappa0 : 0 < kappa.

Variables E J : R -> 'M[R]_n.
Hypotheses (E0 : E 0 = 1%:M) (J0 : J 0 = 0).
Hypothesis dE : forall i j, moves (fun t => E t i j) (fun t => ((L - 1%:M) *m E t) i j).
Hypothesis dJ : forall i j, moves (fun t => J t i j) (fun t => E t i j).

Lemma linear_decays : certifies (eq (L - 1%:M)) M kappa.
Proof.
split=> // _ <- e; rewrite mulmxBl mul1mx bfDr bfNr -/(qf M e) /kappa mulrBl mul1r opprB.
by rewrite ler_add2r.
Qed.

(** The derivative of A(t) e. *)
Lemma image_velocity (A B : R -> 'M[R]_n) (e : 'cV[R]_n) :
  (forall i j, moves (fun t => A t i j) (fun t => B t i j)) -> velocity (fun t => A t *m e) (fun t => B t *m e).
Proof.
move=> dA i t t0.
have fE : (fun s => (A s *m e) i 0) =1 \sum_j (e j 0 \*: (fun s => A s i j)).
  by move=> s; rewrite fct_sumE mxE; apply: eq_bigr => j _; apply: mulrC.
apply: (derive_same fE).
apply: (derive_value (is_derive_sum (fun j => is_deriveZ (e j 0) (dA i j t t0)))).
by rewrite mxE; apply: eq_bigr => j _; apply: mulrC.
Qed.

Theorem exponential_size h e : 0 <= h -> qf M (E h *m e) <= expR (- (kappa * h)) ^+ 2 * qf M e.
Proof.
move=> h0.
have := @distance_decays R n _ M kappa (fun t => E t *m e) (fun=> L - 1%:M) h h0 linear_decays (fun=> erefl _).
rewrite E0 mul1mx; apply.
have := image_velocity e dE; rewrite /velocity => v i t t0.
by apply: (derive_value (v i t t0)); rewrite mulmxA.
Qed.

Let decay h := expR (- (kappa * h)).

Lemma length_squared (x : 'cV[R]_n) : length M x ^+ 2 = qf M x.
Proof. by rewrite /length sqr_sqrtr // posdef_nonneg. Qed.

Lemma product_of_lengths (x y : 'cV[R]_n) : bf M x y <= length M x * length M y.
Proof.
apply: (le_trans (ler_norm _)); rewrite -ler_sqr ?nnegrE ?mulr_ge0 ?sqrtr_ge0 //.
rewrite exprMn !length_squared real_normK ?num_real //.
exact: cauchy_schwarz (posdef_symmetric pM) (posdef_nonneg pM).
Qed.

Theorem integral_size h e : 0 <= h -> qf M (J h *m e) <= ((1 - decay h) / kappa) ^+ 2 * qf M e.
Proof.
move=> h0; set z := J h *m e; pose a := length M z; pose b := length M e.
have a0 : 0 <= a by apply: sqrtr_ge0. have b0 : 0 <= b by apply: sqrtr_ge0.
pose f t := bf M z (J t *m e) - a * b * ((1 - decay t) / kappa).
pose df t := bf M z (E t *m e) - a * b * decay t.
have kn : kappa != 0 by rewrite gt_eqF.
have fd : moves f df.
  move=> t t0.
  have d1 : is_derive t (1 : R) (fun s => bf M z (J s *m e)) (bf M z (E t *m e)).
    have fE : (fun s => bf M z (J s *m e)) =1 \sum_i ((M *m z) i 0 \*: (fun s => (J s *m e) i 0)).
      move=> s; rewrite fct_sumE /bf -{1}(posdef_symmetric pM) -dot_adjoint.
      by apply: eq_bigr.
    apply: (derive_same fE).
    apply: (derive_value (is_derive_sum (fun i => is_deriveZ ((M *m z) i 0) (image_velocity e dJ i t0)))).
    by rewrite /bf -{2}(posdef_symmetric pM) -dot_adjoint; apply: eq_bigr.
  have d2 := derive_exponential (- kappa) t.
  have fE : f =1 (fun s => bf M z (J s *m e))
      + ((a * b / kappa) \*: (fun s => expR (- kappa * s)) + cst (- (a * b / kappa))).
    by move=> s; rewrite /f /decay -(mulNr kappa); exact (@spread_rest R (a * b) kappa _ _).
  apply: (derive_same fE).
  apply: (derive_value (is_deriveD d1 (is_deriveD (is_deriveZ (a * b / kappa) d2) (is_derive_cst _ t (1 : R))))).
  by rewrite /df /decay -(mulNr kappa) addr0; congr (_ + _); exact (@cancel_rate R _ _ _ kn).
have neg t : 0 <= t -> df t <= 0.
  move=> t0; rewrite /df subr_le0; apply: (le_trans (product_of_lengths _ _)); rewrite -mulrA.
  apply: ler_wpmul2l => //; rewrite mulrC; have := exponential_size e t0.
  move/ler_wsqrtr; rewrite sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm //; exact/ltW/expR_gt0.
have := nonincreasing h0 fd neg; rewrite /f J0 mul0mx bf0r /decay mulr0 oppr0 expR0 subrr mul0r mulr0 subr0.
rewrite subr_le0 -/(qf M z) -length_squared -/a -/(decay h); set c := (1 - decay h) / kappa => le.
have c0 : 0 <= c.
  apply: divr_ge0; last exact: ltW.
  by rewrite subr_ge0 /decay -expR0 ler_expR oppr_le0 mulr_ge0 // ltW.
rewrite -length_squared -/a -/b -exprMn ler_sqr ?nnegrE //; last exact: mulr_ge0.
have [->|an] := eqVneq a 0; first exact: mulr_ge0.
have ap : 0 < a by rewrite lt_neqAle eq_sym an a0.
by rewrite -(ler_pmul2l ap) -expr2 [c * b]mulrC mulrA.
Qed.

(** [exponential_step] with nothing taken for granted. *)
Theorem exponential_coupled_step (G : family R n) omega h : 0 <= h -> 0 <= omega -> shrinks G M omega ->
  contracts (fun A => exists2 X, G X & A = E h + J h *m X) M (decay h + (1 - decay h) * omega / kappa).
Proof.
move=> h0 o0 hG; have d0 : 0 <= decay h by apply/ltW/expR_gt0.
have d1 : decay h <= 1 by rewrite /decay -expR0 ler_expR oppr_le0 mulr_ge0 // ltW.
apply: exponential_step => //; first by rewrite d0.
- by move=> e; apply: exponential_size.
- by move=> e; apply: integral_size.
Qed.

End Exponential.
