#!/usr/bin/env python
# coding: utf-8

# # Titanic : neural network from scratch (no keras!!)
# Upvote if you like it :)

# In[1]:


import numpy as np # linear algebra


# In[2]:


def sigmoid(x):
    return 1/(1+np.exp(-x))


# ## Step 1 : weights

# In[4]:


def init_weights(n_x, n_h, n_y):
    np.random.seed(42)
    return {'W1': np.random.randn(n_h, n_x)*0.01, 'b1': np.zeros((n_h,1)),
            'W2': np.random.randn(n_y, n_h)*0.01, 'b2': np.zeros((n_y,1))}


# ## Step 2 : forward + loss

# In[5]:


def forward(X, p):
    A1 = np.tanh(p['W1'].dot(X) + p['b1'])
    A2 = sigmoid(p['W2'].dot(A1) + p['b2'])
    return A2, A1

def logloss(A2, Y):
    return -np.mean(Y*np.log(A2) + (1-Y)*np.log(1-A2))


# ## Step 3 : backward

# In[7]:


def backward(X, Y, A1, A2, p):
    m = X.shape[1]
    g = {}
    dZ2 = A2 - Y
    g['dW2'] = dZ2.dot(A1.T)/m
    g['db2'] = dZ2.mean(axis=1, keepdims=True)
    dZ1 = p['W2'].T.dot(dZ2)*(1-A1)**2
    g['dW1'] = dZ1.dot(X.T)/m
    g['db1'] = dZ1.mean(axis=1, keepdims=True)
    return g


# In[9]:


def train(X, Y, n_h=8, lr=0.5, epochs=2000):
    p = init_weights(X.shape[0], n_h, 1)
    for i in range(epochs):
        A2, A1 = forward(X, p)
        g = backward(X, Y, A1, A2, p)
        for k in p:
            p[k] -= lr*g['d'+k]
        if i%200==0:
            print(i, logloss(A2, Y))
    return p
