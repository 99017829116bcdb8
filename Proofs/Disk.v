(** The disk test (Swift: [Disk]; theory 3b). One metric P = diag(p) for both forms, slopes in [0, g]:

        flow   k >= |1 + gW|_P                      ->  rate 1 - k^2/4
        Euler  k >= |(1 - h) + gW|_P, 0 < h < 2     ->  rho^2 >= (1 - h)^2 + h k^2/(2 - h) *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec Forms FormTransfer SingularValue.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Disk.
Variables (R : realFieldType) (n : nat) (p : 'rV[R]_n).
Hypothesis p0 : forall i, 0 < p 0 i.
Local Notation P := (diag_mx p).
Let pP := posdef_nonneg (P_posdef p0).
Let sP := posdef_symmetric (P_posdef p0).

Section Flow.
Variables (g k : R) (W : 'M[R]_n).
Hypotheses (g0 : 0 <= g) (hk : norm_le p (1%:M + g *: W) k).

Theorem disk_inside : certifies (inside 0 g W 0) P (1 - k ^+ 2 / 4%:R).
Proof.
split=> [|_ [_ /(slopes_scale g0)[d sd ->] ->] e]; first exact: P_posdef.
set y := W *m e; set u := diag_mx d *m (g *: y).
have -> : (diag_mx (g *: d) *m W + 0 - 1%:M) *m e = u - e.
  by rewrite addr0 mulmxBl mul1mx -mulmxA /u linearZ /= -scalemxAl -scalemxAr.
have hu : 0 <= bf P u (1 *: (g *: y) - u).
  by apply: sector0 sd => i; apply: ltW.
rewrite scale1r bfDr bfNr in hu.
have hX := hk e; rewrite mulmxDl mul1mx -scalemxAl -/y in hX; set X := e + g *: y in hX.
have hs := pP (2%:R *: u - X); rewrite qfD // qfN qfZ bfNr bfZl in hs.
have h2 : 0 <= k ^+ 2 * qf P e - qf P X by rewrite subr_ge0.
have uX : bf P u X = bf P u e + bf P u (g *: y) by rewrite /X bfDr.
rewrite uX in hs; rewrite bfDr bfNr (bfC e u sP) -/(qf P e); rewrite -/(qf P u) in hu.
apply: (le_by (s := (2%:R ^+ 2 * qf P u + 2%:R * - (2%:R * (bf P u e + bf P u (g *: y))) + qf P X
  + (k ^+ 2 * qf P e - qf P X)) / 4%:R + (bf P u (g *: y) - qf P u))).
  by field.
by apply: addr_ge0 hu; apply: divr_ge0; rewrite ?ler0n // addr_ge0.
Qed.

Theorem disk_outside : certifies (outside 0 g W 0) P (1 - k ^+ 2 / 4%:R).
Proof.
split=> [|_ [_ /(slopes_scale g0)[d sd ->] ->] e]; first exact: P_posdef.
set u := diag_mx d *m e; set y := W *m u.
have -> : (W *m diag_mx (g *: d) + 0 - 1%:M) *m e = g *: y - e.
  by rewrite addr0 mulmxBl mul1mx -mulmxA /y linearZ /= -scalemxAl -scalemxAr.
have hu : 0 <= bf P u (1 *: e - u) by apply: sector0 sd => i; apply: ltW.
rewrite scale1r bfDr bfNr in hu.
have hX := hk u; rewrite mulmxDl mul1mx -scalemxAl -/y in hX; set X := u + g *: y in hX.
have eX : bf P e (g *: y) = bf P e X - bf P u e.
  by rewrite /X bfDr (bfC e u sP) addrAC subrr add0r.
rewrite bfDr bfNr eX -/(qf P e); rewrite -/(qf P u) in hu.
suff : bf P e X <= k ^+ 2 / 4%:R * qf P e + qf P u.
  rewrite -subr_ge0 => h; apply: (le_by _ (addr_ge0 h hu)); first by ring.
have -> : k ^+ 2 / 4%:R * qf P e + qf P u = ((k / 2%:R) ^+ 2 * qf P e + qf P u).
  by field.
have cs := cauchy_schwarz e X sP pP.
apply: (le_trans (ler_norm _)); rewrite -ler_sqr ?nnegrE ?normr_ge0 //; last first.
  by apply: addr_ge0 => //; apply: mulr_ge0 => //; apply: sqr_ge0.
rewrite real_normK ?num_real //; apply: (le_trans cs).
apply: (@le_trans _ _ (qf P e * (k ^+ 2 * qf P u))); first by rewrite ler_wpmul2l.
by apply: (le_by (s := ((k / 2%:R) ^+ 2 * qf P e - qf P u) ^+ 2)); [field | apply: sqr_ge0].
Qed.

End Flow.

Section Euler.
Variables (g k h rho : R) (W : 'M[R]_n).
Hypotheses (g0 : 0 <= g) (h0 : 0 < h) (h2 : h < 2%:R) (hk : norm_le p ((1 - h)%:M + g *: W) k)
  (hrho : (1 - h) ^+ 2 + h * k ^+ 2 / (2%:R - h) <= rho ^+ 2).

Let s0 : 0 < 2%:R - h. Proof. by rewrite subr_gt0. Qed.
Let sn : 2%:R - h != 0. Proof. by rewrite gt_eqF. Qed.

Theorem disk_euler_inside : contracts (euler h (inside 0 g W 0)) P rho.
Proof.
split=> [|_ [_ [_ /(slopes_scale g0)[d sd ->] ->] ->] e]; first exact: P_posdef.
set y := W *m e; set u := diag_mx d *m (g *: y).
have -> : (1%:M + h *: (diag_mx (g *: d) *m W + 0 - 1%:M)) *m e = (1 - h) *: e + h *: u.
  rewrite addr0 mulmxDl -scalemxAl mulmxBl !mul1mx -mulmxA /u linearZ /= -scalemxAl -scalemxAr.
  by rewrite scalerBl scalerBr scale1r -[RHS]addrA [- _ + _]addrC.
have hu : 0 <= bf P u (1 *: (g *: y) - u) by apply: sector0 sd => i; apply: ltW.
rewrite scale1r bfDr bfNr -/(qf P u) in hu.
have hX := hk e; rewrite mulmxDl mul_scalar_mx -scalemxAl -/y in hX.
set X := (1 - h) *: e + g *: y in hX.
have uX : bf P u X = (1 - h) * bf P u e + bf P u (g *: y) by rewrite /X bfDr bfZr.
have hs := pP ((2%:R - h) *: u - X); rewrite qfD // qfN qfZ bfNr bfZl uX in hs.
have h3 : 0 <= k ^+ 2 * qf P e - qf P X by rewrite subr_ge0.
have h4 : 0 <= rho ^+ 2 - ((1 - h) ^+ 2 + h * k ^+ 2 / (2%:R - h)) by rewrite subr_ge0.
rewrite qfD // !qfZ bfZl bfZr (bfC e u sP).
apply: (le_by (s := (rho ^+ 2 - ((1 - h) ^+ 2 + h * k ^+ 2 / (2%:R - h))) * qf P e
  + h / (2%:R - h) * (((2%:R - h) ^+ 2 * qf P u
     + 2%:R * - ((2%:R - h) * ((1 - h) * bf P u e + bf P u (g *: y))) + qf P X)
     + (k ^+ 2 * qf P e - qf P X)) + 2%:R * h * (bf P u (g *: y) - qf P u))).
  by field; rewrite sn.
apply: addr_ge0; last by apply: mulr_ge0 hu; rewrite mulr_ge0 ?ler0n // ltW.
apply: addr_ge0; first exact: mulr_ge0.
by apply: mulr_ge0; [apply: divr_ge0; apply: ltW | apply: addr_ge0].
Qed.


End Euler.
End Disk.

Theorem disk_euler_outside (R : realFieldType) n (p : 'rV[R]_n) g k h rho (W : 'M[R]_n) :
  (forall i, 0 < p 0 i) -> 0 <= g -> 0 < h -> h < 2%:R ->
  norm_le p ((1 - h)%:M + g *: W) k -> (1 - h) ^+ 2 + h * k ^+ 2 / (2%:R - h) <= rho ^+ 2 ->
  contracts (euler h (outside 0 g W 0)) (diag_mx p) rho.
Proof.
move=> p0 g0 h0 h2 hk hrho; set q : 'rV[R]_n := \row_i (p 0 i)^-1.
have q0 i : 0 < q 0 i by rewrite mxE invr_gt0.
pose X : 'M[R]_n := (1 - h)%:M + g *: W.
have [_ dX] : contracts (transposes (eq X)) (invmx (diag_mx p)) k.
  by apply: transfer_map; split=> [|_ <-]; [apply: P_posdef | apply: hk].
have hq : norm_le q ((1 - h)%:M + g *: W^T) k.
  move=> x; rewrite /q -invmx_diag //; apply: dX.
  by rewrite /transposes linearD linearZ /= trmxK tr_scalar_mx.
have := euler_outside_of_inside (disk_euler_inside q0 g0 h0 h2 hq hrho).
rewrite trmxK trmx0 invmx_diag //; congr (contracts _ (diag_mx _) _).
by apply/rowP => i; rewrite !mxE invrK.
Qed.
