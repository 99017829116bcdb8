(** What [decays] says of differential equations (Gronwall 1919; Lohmiller, Slotine 1998): along e' = A(t) e with
    every A(t) in the family, |e(t)|_M <= exp(-lam t) |e(0)|_M. So two solutions of a certified network with the same
    input approach each other at the rate lam, for every activation whose divided differences are slopes.

    The real numbers are those of mathcomp's analysis ([realType]), which rests on three axioms of classical logic. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From mathcomp.classical Require Import boolp classical_sets functions.
From mathcomp.analysis Require Import reals signed topology normedtype derive sequences realfun exp.
From Certify Require Import Spec Forms Consequences.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory numFieldNormedType.Exports.
Local Open Scope ring_scope.

(** ** The right-hand sides *)

Section Fields.
Variables (R : realFieldType) (n : nat).
Implicit Types (W L : 'M[R]_n).

(** p_i (-x + W phi(x) + L x + u)_i and p_i (-x + phi(W x + u) + L x)_i, p = 1 / tau. *)
Definition field_outside (p : 'rV[R]_n) (phi : activation R n) W L (u x : 'cV[R]_n) : 'cV[R]_n :=
  diag_mx p *m (- x + W *m apply_to phi x + L *m x + u).
Definition field_inside (p : 'rV[R]_n) (phi : activation R n) W L (u x : 'cV[R]_n) : 'cV[R]_n :=
  diag_mx p *m (- x + apply_to phi (W *m x + u) + L *m x).

Lemma field_outside_difference p l g phi W L u x y : l <= g -> slopes_of l g phi ->
  exists2 A, paced p (outside l g W L) A & field_outside p phi W L u x - field_outside p phi W L u y = A *m (x - y).
Proof.
move=> lg sphi; have [d sd e] := divided_differences x y lg sphi.
exists (diag_mx p *m (W *m diag_mx d + L - 1%:M)); first by exists (W *m diag_mx d + L - 1%:M) => //; exists d.
rewrite /field_outside -mulmxBr -mulmxA; congr (_ *m _).
rewrite mulmxBl mulmxDl -mulmxA -e mul1mx !mulmxBr.
by apply/colP => i; rewrite !mxE; entries R; ring.
Qed.

Lemma field_inside_difference p l g phi W L u x y : l <= g -> slopes_of l g phi ->
  exists2 A, paced p (inside l g W L) A & field_inside p phi W L u x - field_inside p phi W L u y = A *m (x - y).
Proof.
move=> lg sphi; have [d sd e] := divided_differences (W *m x + u) (W *m y + u) lg sphi.
exists (diag_mx p *m (diag_mx d *m W + L - 1%:M)); first by exists (diag_mx d *m W + L - 1%:M) => //; exists d.
rewrite /field_inside -mulmxBr -mulmxA; congr (_ *m _).
have Wxy : W *m (x - y) = W *m x + u - (W *m y + u) by rewrite mulmxBr opprD addrACA subrr addr0.
rewrite mulmxBl mulmxDl -mulmxA Wxy -e mul1mx !mulmxBr.
by apply/colP => i; rewrite !mxE; entries R; ring.
Qed.

End Fields.

Section Gronwall.
Variable R : realType.
Implicit Types (f df : R -> R) (t T k lam : R).

(** f has the derivative df at all times t >= 0. *)
Definition moves f df := forall t, 0 <= t -> is_derive t 1 f (df t).

Lemma nonincreasing f df T : 0 <= T -> moves f df -> (forall t, 0 <= t -> df t <= 0) -> f T <= f 0.
Proof.
move=> T0 der neg; have [||c] := @MVT_segment R f df 0 T T0.
- by move=> t; rewrite in_itv /= => /andP[/ltW t0 _]; apply: der.
- apply: continuous_in_subspaceT => t; rewrite inE /= in_itv /= => /andP[t0 _].
  apply/differentiable_continuous/derivable1_diffP.
  exact: (@ex_derive _ _ _ _ _ _ _ (der t t0)).
rewrite in_itv /= => /andP[c0 _]; rewrite subr0 => e; rewrite -subr_le0 e.
by apply: mulr_le0_ge0 => //; apply: neg.
Qed.

Lemma derive_value f t v w : is_derive t (1 : R) f v -> v = w -> is_derive t (1 : R) f w.
Proof. by move=> d <-. Qed.

Lemma derive_same f (h : R -> R) t v : f =1 h -> is_derive t (1 : R) h v -> is_derive t (1 : R) f v.
Proof. by move/funext=> ->. Qed.

Lemma derive_exponential k t : is_derive t (1 : R) (fun s => expR (k * s)) (k * expR (k * t)).
Proof.
have dk : is_derive t (1 : R) (fun s : R => k * s) k.
  apply: (derive_value (is_deriveZ k (is_derive_id t (1 : R)))).
  by rewrite /GRing.scale /= mulr1.
by apply: (derive_value (is_derive1_comp (is_derive_expR _) dk)); rewrite mulrC.
Qed.

Theorem gronwall f df k T : 0 <= T -> moves f df -> (forall t, 0 <= t -> df t <= - (k * f t)) ->
  f T <= expR (- (k * T)) * f 0.
Proof.
move=> T0 der le; pose h t := expR (k * t) * f t; pose dh t := expR (k * t) * (k * f t + df t).
have hd : moves h dh.
  move=> t t0; have d1 := derive_exponential k t; have d2 := der t t0.
  apply: (derive_value (is_deriveM d1 d2)).
  by rewrite /dh /GRing.scale /=; ring.
have := nonincreasing T0 hd; rewrite /h mulr0 expR0 mul1r => /(_ _) h0.
rewrite expRN ler_pdivl_mull ?expR_gt0 //; apply: h0 => t t0; rewrite /dh.
apply: mulr_ge0_le0; first exact/ltW/expR_gt0.
by rewrite -(subrr (k * f t)); apply: ler_add => //; apply: le.
Qed.

(** ** Along a path of the linearisation *)

Variable n : nat.
Implicit Types (F : family R n) (M W L : 'M[R]_n) (x y e : R -> 'cV[R]_n).

(** e' = v, entry by entry, for t >= 0. *)
Definition velocity e (v : R -> 'cV[R]_n) := forall i, moves (fun t => e t i 0) (fun t => v t i 0).

Lemma derive_form M e v : symmetric M -> velocity e v ->
  moves (fun t => qf M (e t)) (fun t => 2%:R * bf M (e t) (v t)).
Proof.
move=> sM der t t0.
have term i j : is_derive t (1 : R) (fun s => e s i 0 * (M i j * e s j 0))
    (e t i 0 * (M i j * v t j 0) + v t i 0 * (M i j * e t j 0)).
  have di := der i t t0; have dj := der j t t0.
  apply: (derive_value (is_deriveM di (is_deriveZ (M i j) dj))).
  rewrite /GRing.scale /=; move: (e t i 0) (e t j 0) (v t i 0) (v t j 0) (M i j) => a b c d m.
  by congr (_ + _); rewrite mulrC.
pose f := \sum_i \sum_j (fun s => e s i 0 * (M i j * e s j 0)).
have fE : (fun s => qf M (e s)) =1 f.
  move=> s; rewrite /f fct_sumE; apply: eq_bigr => i _; rewrite fct_sumE mxE mulr_sumr.
  by apply: eq_bigr.
apply: (derive_same fE); rewrite /f.
have d := is_derive_sum (fun i => is_derive_sum (fun j => term i j)).
apply: (derive_value d).
have two : 2%:R * bf M (e t) (v t) = bf M (e t) (v t) + bf M (v t) (e t).
  by rewrite (bfC (v t) _ sM) mulr2n mulrDl mul1r.
rewrite two /bf /dot -big_split /=; apply: eq_bigr => i _.
by rewrite big_split /= -!mulr_sumr !mxE.
Qed.

Theorem distance_decays F M lam e (A : R -> 'M[R]_n) T : 0 <= T -> certifies F M lam -> (forall t, F (A t)) ->
  velocity e (fun t => A t *m e t) -> qf M (e T) <= expR (- (lam * T)) ^+ 2 * qf M (e 0).
Proof.
move=> T0 [[sM _] d] FA ode; rewrite -expRMm.
have -> : 2%:R * - (lam * T) = - (2%:R * lam * T) by rewrite mulrN mulrA.
apply: (gronwall T0 (derive_form sM ode)) => t t0.
by rewrite -mulrA -mulrN; apply: ler_wpmul2l; rewrite ?ler0n //; apply: d.
Qed.

(** |e|_M *)
Definition length M (e : 'cV[R]_n) := Num.sqrt (qf M e).

Corollary length_decays F M lam e (A : R -> 'M[R]_n) T : 0 <= T -> certifies F M lam -> (forall t, F (A t)) ->
  velocity e (fun t => A t *m e t) -> length M (e T) <= expR (- (lam * T)) * length M (e 0).
Proof.
move=> T0 cert FA ode; have := distance_decays T0 cert FA ode.
move/ler_wsqrtr; rewrite sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm //.
exact/ltW/expR_gt0.
Qed.

(** ** Two solutions of one network, with the same input and any time constants *)

Theorem solutions_approach F M lam x y (f : R -> 'cV[R]_n -> 'cV[R]_n) T : 0 <= T -> certifies F M lam ->
  (forall t a b, exists2 A, F A & f t a - f t b = A *m (a - b)) ->
  velocity x (fun t => f t (x t)) -> velocity y (fun t => f t (y t)) ->
  length M (x T - y T) <= expR (- (lam * T)) * length M (x 0 - y 0).
Proof.
move=> T0 cert diff dx dy.
have /choice[A hA] : forall t, exists A, F A /\ f t (x t) - f t (y t) = A *m (x t - y t).
  by move=> t; have [A FA e] := diff t (x t) (y t); exists A.
apply: (length_decays (e := fun t => x t - y t) T0 cert (fun t => proj1 (hA t))) => i t t0.
have e : (fun s => (x s - y s) i 0) =1 (fun s => x s i 0) - (fun s => y s i 0) by move=> s; rewrite !mxE.
apply: (derive_same e); apply: (derive_value (is_deriveB (dx i t t0) (dy i t t0))).
by rewrite -(proj2 (hA t)) !mxE.
Qed.

Corollary solutions_outside p l g W L M lam (phi : R -> activation R n) (u x y : R -> 'cV[R]_n) T :
  l <= g -> (forall t, slopes_of l g (phi t)) -> 0 <= T -> certifies (paced p (outside l g W L)) M lam ->
  velocity x (fun t => field_outside p (phi t) W L (u t) (x t)) ->
  velocity y (fun t => field_outside p (phi t) W L (u t) (y t)) ->
  length M (x T - y T) <= expR (- (lam * T)) * length M (x 0 - y 0).
Proof.
move=> lg sphi T0 cert; apply: (solutions_approach (f := fun t => field_outside p (phi t) W L (u t)) T0 cert).
by move=> t a b; apply: field_outside_difference.
Qed.

Corollary solutions_inside p l g W L M lam (phi : R -> activation R n) (u x y : R -> 'cV[R]_n) T :
  l <= g -> (forall t, slopes_of l g (phi t)) -> 0 <= T -> certifies (paced p (inside l g W L)) M lam ->
  velocity x (fun t => field_inside p (phi t) W L (u t) (x t)) ->
  velocity y (fun t => field_inside p (phi t) W L (u t) (y t)) ->
  length M (x T - y T) <= expR (- (lam * T)) * length M (x 0 - y 0).
Proof.
move=> lg sphi T0 cert; apply: (solutions_approach (f := fun t => field_inside p (phi t) W L (u t)) T0 cert).
by move=> t a b; apply: field_inside_difference.
Qed.

End Gronwall.
